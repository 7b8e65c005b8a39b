using System.Collections.Immutable;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>The aggregates of a release. Two that ask for the same share one slot of a customer's history.</summary>
internal sealed class AggregateTable
{
    private readonly List<Aggregate> _aggregates = [];
    private readonly Dictionary<string, Aggregate> _byText = [];

    public ImmutableArray<Aggregate> All => [.. _aggregates];

    /// <summary>The aggregate of this canonical text, made with the next free slot if it is new.</summary>
    public Aggregate Share(string text, Func<int, Aggregate> make)
    {
        if (_byText.TryGetValue(text, out var known)) return known;
        var made = make(_aggregates.Count);
        _aggregates.Add(made);
        return _byText[text] = made;
    }
}
