using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>What one customer is to live through: their inputs, each after the shard inputs before it, then further shard inputs, then
/// time.</summary>
/// <remarks>The processor, the replay and the return of who was set aside all take customers through their lives by this, so they cannot
/// differ.</remarks>
/// <param name="Inputs">In the order of the log.</param>
/// <param name="Through">After the inputs, the shard inputs up to and including this position; 0 for none.</param>
/// <param name="Until">At last every due instant up to and including this one; null for none.</param>
internal sealed record CustomerTimeline(IReadOnlyList<Recorded> Inputs, long Through = 0, Instant? Until = null)
{
    /// <summary>The position before which the shard inputs have been lived through at the end.</summary>
    public long Bound => Math.Max(Through + 1, Inputs.Count == 0 ? 0 : Inputs[^1].Position);

    /// <summary>Takes the customer through it and answers the facts and the next review.</summary>
    /// <param name="pastBefore">What the log holds of the customer from before this visit: inputs before a position, and facts.</param>
    /// <param name="reached">How many of the inputs were taken; when this throws, how many had been.</param>
    public (List<RecordedFact> Facts, Instant NextReview) Run(TenantInShard tenant, CustomerState state, Func<long, Past> pastBefore, out int reached)
    {
        var facts = new List<RecordedFact>();
        reached = 0;
        foreach (var input in Inputs)
        {
            LiveThrough(tenant, state, input.Position, pastBefore, facts);
            tenant.Machine.Apply(state, AtItsClock(tenant, state, input), facts);
            reached++;
        }
        LiveThrough(tenant, state, Through + 1, pastBefore, facts);
        if (Until is { } until && !state.ImportOpen) tenant.Machine.LiveTo(state, until, facts);
        var next = tenant.Machine.NextReview(state);
        if (next <= Until) throw new InvalidOperationException($"The review due at {next.ToIso()} does not go away.");
        return (facts, next);
    }

    private static void LiveThrough(TenantInShard tenant, CustomerState state, long before, Func<long, Past> pastBefore, List<RecordedFact> facts)
    {
        foreach (var input in tenant.Between(state.LivedTo, before)) Live(tenant, state, input, pastBefore, facts);
    }

    // By itself, since it makes an object for what it captures, and mostly there is nothing to live through.
    private static void Live(TenantInShard tenant, CustomerState state, RecordedShardInput input, Func<long, Past> pastBefore,
        List<RecordedFact> facts) =>
        tenant.Machine.Live(state, input, () => With(pastBefore(input.Position), facts), facts);

    // What has followed in this visit is not in the log yet and is past all the same.
    private static Past With(Past past, List<RecordedFact> facts) => past with { Facts = [.. past.Facts, .. facts] };

    // For who already lives by the wall, imported history is a late event and judged at the present clock, which is when it was recorded.
    // Were it applied at its own clock, the facts would depend on how far timers had physically fired before it came.
    private static Recorded AtItsClock(TenantInShard tenant, CustomerState state, Recorded input) =>
        input.Imported && state.IsBorn && !state.ImportOpen && !tenant.Tenant.Test ? input with { Clock = input.RecordedAt } : input;
}
