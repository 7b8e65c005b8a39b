using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>When a message is tried again: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, each a fifth more or less.</summary>
/// <remarks>Attempts come in rounds of eight and are numbered on for ever; a replay begins the next round.</remarks>
public static class RetrySchedule
{
    /// <summary>The attempts of one round, the first included.</summary>
    public static int AttemptsMax => Waits.Length + 1;

    /// <summary>A receiver that asks for a longer wait is tried again after this.</summary>
    public static readonly Duration WaitMax = Duration.FromHours(24);

    private static readonly ImmutableArray<Duration> Waits =
    [
        Duration.FromSeconds(5),
        Duration.FromMinutes(5),
        Duration.FromMinutes(30),
        Duration.FromHours(2),
        Duration.FromHours(5),
        Duration.FromHours(10),
        Duration.FromHours(10),
    ];

    private const double Jitter = 0.2;

    /// <summary>Whether a failure of this attempt, counted from 1, is final.</summary>
    public static bool IsLast(int attempt) => attempt % AttemptsMax == 0;

    /// <summary>The number that a replay sets a delivery back to, so that the next attempt is the first of a round.</summary>
    public static int RoundAfter(int attempt) => (attempt + AttemptsMax - 1) / AttemptsMax * AttemptsMax;

    /// <summary>How long to wait after a failure of this attempt: the schedule's time, or what the receiver asked for where that is longer.</summary>
    /// <remarks>The jitter is a stable hash of the delivery and the attempt, so that a repeated computation gives the same instant while
    /// messages that failed together are spread.</remarks>
    /// <param name="attempt">From 1, and not the last of a round.</param>
    /// <param name="asked">The receiver's wish, honoured up to <see cref="WaitMax"/>.</param>
    public static Duration WaitAfter(int attempt, RecordId key, int endpoint, Duration? asked)
    {
        var scheduled = Waits[(attempt - 1) % AttemptsMax] * (1 + (Jitter * Spread(attempt, key, endpoint)));
        return Duration.Max(scheduled, Duration.Min(asked ?? Duration.Zero, WaitMax));
    }

    /// <summary>From −1 to 1, evenly.</summary>
    private static double Spread(int attempt, RecordId key, int endpoint)
    {
        Span<byte> hash = stackalloc byte[16];
        StableHash.Of("jitter", key.ToString(), Text(endpoint), Text(attempt)).TryWriteBytes(hash);
        return (BinaryPrimitives.ReadUInt32LittleEndian(hash[12..]) / (double)uint.MaxValue * 2) - 1;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
