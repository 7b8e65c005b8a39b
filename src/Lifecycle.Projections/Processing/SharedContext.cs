using Lifecycle.EventLog.Concurrency;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>What a shard's processor has in common with the others of its process.</summary>
/// <param name="Turns">Entered for each round.</param>
/// <param name="Poll">How long a processor with nothing to do rests at most.</param>
/// <param name="HandedOn">Told the shard when a step left something for Delivery.</param>
internal sealed record SharedContext(FairSemaphore Turns, Func<Duration> Poll, Action<int> HandedOn)
{
    /// <summary>Of a processor that runs by itself.</summary>
    public static SharedContext None(ProcessingOptions options) => new(new FairSemaphore(1), () => options.PollInterval, static _ => { });
}
