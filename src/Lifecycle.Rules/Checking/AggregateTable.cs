using System.Collections.Immutable;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Rules.Checking;

/// <summary>The aggregates of a release. Two that ask for the same share one slot of a customer's history.</summary>
internal sealed class AggregateTable
{
    private readonly List<Aggregate> _aggregates = [];
    private readonly Dictionary<string, Aggregate> _byKey = [];

    public ImmutableArray<Aggregate> All => [.. _aggregates];

    /// <summary>The aggregate that asks for what this one does: itself, with the next free slot, if it is the first.</summary>
    public Aggregate Share(Func<int, Aggregate> make)
    {
        var made = make(_aggregates.Count);
        if (_byKey.TryGetValue(made.Key, out var known)) return known;
        _aggregates.Add(made);
        return _byKey[made.Key] = made;
    }
}
