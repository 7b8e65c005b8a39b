using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>What a shard's processor has in common with the others of its process.</summary>
/// <param name="Turns">Entered for each round.</param>
/// <param name="Poll">How long a processor with nothing to do rests at most.</param>
/// <param name="HandedOn">Told the shard when a step left something for Delivery.</param>
internal sealed record Surroundings(Turns Turns, Func<Duration> Poll, Action<int> HandedOn)
{
    /// <summary>Of a processor that runs by itself.</summary>
    public static Surroundings None(ProcessingOptions options) => new(new Turns(1), () => options.PollInterval, static _ => { });
}
