using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Api.Stages;

/// <summary>A condition as a tree, with what each part of it was.</summary>
/// <param name="Text">The part as the rules language writes it.</param>
/// <param name="Value">Null where it is missing.</param>
/// <param name="Events">Ids of the events that decided it, the latest first.</param>
/// <param name="Times">When each of them occurred.</param>
/// <param name="Decided">Whether it made the whole condition what it was.</param>
public sealed record ExplanationAnswer(string Op, string Text, Value Value, IReadOnlyList<ExplanationAnswer> Parts, IReadOnlyList<RecordId> Events,
    IReadOnlyList<Instant> Times, bool Decided)
{
    public static ExplanationAnswer? Of(Explanation? explanation) => explanation is null ? null : Of(explanation, decided: true);

    private static ExplanationAnswer Of(Explanation whole, bool decided) => new(whole.Kind.Word(), whole.Text, whole.Value,
        [.. whole.Parts.Select((part, place) => Of(part, decided && DecisionWords.Decides(whole, place)))], whole.Events, whole.Times, decided);
}
