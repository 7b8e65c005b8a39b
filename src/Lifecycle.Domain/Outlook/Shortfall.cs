using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Outlook;

/// <summary>A condition that does not hold, and by how much.</summary>
/// <param name="Failing">The condition that is not true, with every value; where something must stop, its <c>not</c>.</param>
/// <param name="Have">What is compared; missing for a condition that compares nothing.</param>
/// <param name="Need">What it is compared with.</param>
/// <param name="Distance">By how much <paramref name="Have"/> must change, in the direction the condition says: a number, or a duration for times,
/// dates and durations. Of what is counted the least that suffices, of durations to the millisecond; 0 where anything more or less will do.
/// Missing where there is no such measure.</param>
/// <param name="At">The instant at which time alone makes it true, if nothing else happens to the customer; null if it
/// does not within ten years.</param>
/// <param name="Any">Alternatives, the nearest first: one of them is enough.</param>
/// <param name="All">Conditions that belong together, within an alternative: every one is needed.</param>
public sealed record Shortfall(
    Explanation Failing, Value Have, Value Need, Value Distance, Instant? At, ImmutableArray<Shortfall> Any, ImmutableArray<Shortfall> All)
{
    // Numbers have the form in which they are told.
    public Value Have { get; init; } = Have.Stored();
    public Value Need { get; init; } = Need.Stored();
    public Value Distance { get; init; } = Distance.Stored();

    /// <summary>The condition as the language writes it.</summary>
    public string Text => Failing.Text;
}
