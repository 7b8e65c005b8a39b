using Lifecycle.EventLog.Leases;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>How shards are processed. Checked once, at start.</summary>
public sealed record ProcessingOptions
{
    /// <summary>Who this process is to the leases and to other processes, no two alike; null for somebody new.</summary>
    public Guid? Owner { get; init; }

    /// <summary>As many rows of the log as one step consumes at most.</summary>
    public int StepRowsMax { get; init; } = 5000;

    /// <summary>As many shards of this process as are in a step at once; by default one for each processor, at least two.</summary>
    /// <remarks>More would not be faster: while one waits for its turn, more comes together for it, and larger steps cost less for each
    /// event.</remarks>
    public int StepsMax { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>How far apart the beginnings of a shard's steps are at least while it keeps up, so that one step takes what came in
    /// between.</summary>
    public Duration StepInterval { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>As many customers as one step takes through a due instant, or through a shard input, at most.</summary>
    public int PageMax { get; init; } = 2000;

    /// <summary>As many customers of one shard as are kept in memory between steps.</summary>
    public int CustomersKeptMax { get; init; } = 16_384;

    /// <summary>As many bytes of memory as the customers kept of one shard take, nearly.</summary>
    /// <remarks>Most take less than a thousand. Who does something every minute has long lists of what counts within a window, and takes some ten
    /// thousand.</remarks>
    public long CustomersKeptBytesMax { get; init; } = 8_000_000;

    /// <summary>What other processes are told that this one does. It processes, whatever else it does.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [ProcessRegistry.Process];

    /// <summary>How often it looks which processes are alive and what its share of the shards is.</summary>
    public Duration PlacementInterval { get; init; } = Duration.FromSeconds(1);

    /// <summary>How long a processor rests at most before it looks again, unless woken earlier. What its own process appends wakes it.</summary>
    public Duration PollInterval { get; init; } = Duration.FromSeconds(1);

    /// <summary>The same while no other process is at work on the database.</summary>
    public Duration PollIntervalAlone { get; init; } = Duration.FromSeconds(5);

    /// <summary>History that nobody closed is closed when nothing historical has come for this long.</summary>
    public Duration HistoryPatience { get; init; } = Duration.FromMinutes(10);

    /// <summary>How often a resting processor looks for such histories.</summary>
    public Duration HistoryCheckInterval { get; init; } = Duration.FromSeconds(30);

    /// <summary>The wait after the first failure in a row; it doubles with each up to <see cref="RetryDelayMax"/>.</summary>
    public Duration RetryDelay { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>The longest wait between two attempts.</summary>
    public Duration RetryDelayMax { get; init; } = Duration.FromSeconds(5);

    /// <summary>The wall clock by which due instants fire; null, as a running product wants it, means the database's.</summary>
    public TimeProvider? Wall { get; init; }

    /// <summary>What waiting is measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A value lies outside its bounds.</exception>
    public ProcessingOptions Checked()
    {
        Require(StepRowsMax is >= 1 and <= 100_000, "a step consumes between 1 and 100,000 rows");
        Require(PageMax is >= 1 and <= 10_000, "a page holds between 1 and 10,000 customers");
        Require(CustomersKeptMax >= 1 && CustomersKeptBytesMax >= 0 && StepsMax >= 1, "limits are at least 1");
        Require(Roles.Contains(ProcessRegistry.Process), "a process that processes says so");
        Require(StepInterval >= Duration.Zero && PollInterval > Duration.Zero && PollIntervalAlone > Duration.Zero
            && PlacementInterval > Duration.Zero && HistoryCheckInterval >= Duration.Zero
            && HistoryPatience > Duration.Zero, "intervals are longer than nothing, and that between steps not below it");
        Require(RetryDelay > Duration.Zero && RetryDelayMax >= RetryDelay, "the longest retry delay is not below the first");
        return this;
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new ArgumentException($"The options of processing are wrong: {rule}.");
    }
}
