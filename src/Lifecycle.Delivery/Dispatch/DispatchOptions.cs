using NodaTime;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>How messages are dispatched.</summary>
public sealed record DispatchOptions
{
    /// <summary>As many messages as this process has on the way at once, over all shards.</summary>
    public int InFlightMax { get; init; } = 16;

    /// <summary>How long a claimed delivery is left to whoever claimed it, by the database's clock. Longer than the channel's time-out.</summary>
    public Duration ClaimTime { get; init; } = Duration.FromSeconds(30);

    /// <summary>An intention of a live tenant older than this is withheld instead of dispatched for the first time.</summary>
    public Duration AgeMax { get; init; } = Duration.FromDays(3);

    /// <summary>An endpoint that has given nothing but failures for this long is disabled.</summary>
    public Duration FailingMax { get; init; } = Duration.FromDays(5);

    /// <summary>The longest a shard is left unlooked at when nothing wakes it.</summary>
    public Duration Poll { get; init; } = Duration.FromSeconds(1);

    /// <summary>What waiting is measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
