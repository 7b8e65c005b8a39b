using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation;

/// <summary>Why a condition had the value it had: a tree in the shape of the expression, every node with its text and its value.</summary>
/// <param name="Kind">What the node stands for.</param>
/// <param name="Text">The node as the language writes it.</param>
/// <param name="Parts">The parts it was made from, in order.</param>
/// <param name="Events">Ids of the events that decided an aggregate, the latest first, at most <see cref="EventsMax"/>.</param>
public sealed record Explanation(ExplanationKind Kind, string Text, Value Value, ImmutableArray<Explanation> Parts, ImmutableArray<RecordId> Events)
{
    /// <summary>In the form in which numbers are stored.</summary>
    public Value Value { get; init; } = Value.Stored();

    /// <summary>As many deciding events as one node lists.</summary>
    public const int EventsMax = 10;

    /// <summary>When each of <see cref="Events"/> occurred; empty in what was stored before times were.</summary>
    public ImmutableArray<Instant> Times { get; init; } = [];

    public static Explanation Leaf(ExplanationKind kind, string text, Value value) => new(kind, text, value, [], []);

    public bool Equals(Explanation? other) => other is not null && Kind == other.Kind && Text == other.Text && Value == other.Value
        && Parts.SequenceEqual(other.Parts) && Events.SequenceEqual(other.Events) && Times.SequenceEqual(other.Times);

    public override int GetHashCode() => HashCode.Combine(Kind, Text, Value, Parts.Length, Events.Length);
}
