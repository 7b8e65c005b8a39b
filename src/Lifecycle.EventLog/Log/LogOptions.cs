using System.Security.Cryptography;
using Lifecycle.Domain;
using NodaTime;

namespace Lifecycle.EventLog.Log;

/// <summary>How the log is kept. Checked once, when the database is opened.</summary>
public sealed record LogOptions
{
    /// <summary>Into how many shards customers are divided, 1 to 4096. Fixed when the database is created; another number is refused.</summary>
    public int Shards { get; init; } = 16;

    /// <summary>How long a message id is remembered at least, 1 minute to 366 days. Fixed when the database is created.</summary>
    /// <remarks>An id is remembered for one to two windows after it was recorded; ids of imported rows as long as the log.</remarks>
    public Duration MessageIdWindow { get; init; } = Duration.FromDays(7);

    /// <summary>The most events that one commit holds.</summary>
    public int BatchSizeMax { get; init; } = 5000;

    /// <summary>The most bytes of payload that one commit holds, unless a single request has more.</summary>
    public int BatchBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>The most events that wait for one shard's next commit; whoever comes then is told to come again.</summary>
    public int QueueMax { get; init; } = 50_000;

    /// <summary>As much memory as the newest events of one shard may take, nearly, until its processor takes them over; the rest it reads from the
    /// database.</summary>
    public int TailBytesMax { get; init; } = 2_000_000;

    /// <summary>The fewest connections that one process can work with.</summary>
    public const int ConnectionsMin = 8;

    /// <summary>The most connections of this process, 8 to 1000. Null for what the address says as Maximum Pool Size, and
    /// <see cref="Lifecycle.EventLog.Database.LogConnection.ConnectionsByDefault"/> where it says nothing.</summary>
    /// <remarks>A quarter is for readers, the rest for intake, processing and delivery.</remarks>
    public int? ConnectionsMax { get; init; }

    /// <summary>The most commits of this process in flight at once, over all shards; never more than half of the connections that are not
    /// readers'.</summary>
    /// <remarks>More are not faster: while one waits for its turn, more events come together for it, and larger commits cost less for each
    /// event.</remarks>
    public int CommitsMax { get; init; } = 4;

    /// <summary>How often an append is tried before it is given up as <see cref="LogUnavailableException"/>.</summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>The wait before the second attempt; it doubles with each up to <see cref="RetryDelayMax"/>.</summary>
    public Duration RetryDelay { get; init; } = Duration.FromMilliseconds(50);

    /// <summary>The longest wait between two attempts.</summary>
    public Duration RetryDelayMax { get; init; } = Duration.FromSeconds(2);

    /// <summary>How long a lease lasts without renewal, by the database's clock.</summary>
    public Duration LeaseTime { get; init; } = Duration.FromSeconds(10);

    /// <summary>How often its owner renews a lease; well below <see cref="LeaseTime"/>.</summary>
    public Duration LeaseRenewal { get; init; } = Duration.FromSeconds(3);

    /// <summary>As many customers as one process remembers the keys of, and the places.</summary>
    public int CustomersRememberedMax { get; init; } = 200_000;

    /// <summary>Where the files of archived months lie. Null where this process is not told, and then it cannot read the events in them.</summary>
    public string? ArchiveFolder { get; init; }

    /// <summary>The version of the engine by which this process judges. A log that a newer one has processed is refused.</summary>
    public EngineVersion Engine { get; init; } = EngineVersion.Present;

    /// <summary>What waiting is measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What the waits between attempts are spread by: from 0 to 1, even and unforeseen. Any thread may ask.</summary>
    public Func<double> Jitter { get; init; } = () => RandomNumberGenerator.GetInt32(0, 1000) / 1000.0;

    /// <exception cref="LogConfigurationException">A value lies outside its bounds.</exception>
    public LogOptions Checked()
    {
        Require(Shards is >= 1 and <= 4096, "the number of shards must lie between 1 and 4096");
        Require(MessageIdWindow >= Duration.FromMinutes(1) && MessageIdWindow <= Duration.FromDays(366),
            "the window of message ids must lie between 1 minute and 366 days");
        Require(BatchSizeMax is >= 1 and <= 100_000, "a batch must hold between 1 and 100,000 events");
        Require(BatchBytesMax >= 1 && TailBytesMax >= 0 && QueueMax >= 1 && CommitsMax >= 1 && AttemptsMax >= 1 && CustomersRememberedMax >= 1,
            "limits must be at least 1");
        Require(ConnectionsMax is null or (>= ConnectionsMin and <= 1000), "a process has between 8 and 1000 connections");
        Require(RetryDelay > Duration.Zero
            && RetryDelayMax >= RetryDelay, "the longest retry delay must not be below the first, nor that below zero");
        Require(LeaseRenewal > Duration.Zero && LeaseTime >= 2 * LeaseRenewal, "a lease must last at least two renewals");
        return this;
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new LogConfigurationException($"The log's options are wrong: {rule}.");
    }
}
