using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>The events that a filter or an aggregate looks at, and what is declared of their properties.</summary>
internal sealed class WhereScope
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, DeclaredType>> _contracts;

    private WhereScope(IReadOnlyList<IReadOnlyDictionary<string, DeclaredType>> contracts, bool isComplete) =>
        (_contracts, IsComplete) = (contracts, isComplete);

    /// <summary>Every one of the events has a contract, so that a name in none of them is a mistake.</summary>
    public bool IsComplete { get; }

    public IEnumerable<string> Declared => _contracts.SelectMany(contract => contract.Keys).Distinct();

    /// <summary>Which properties the events have, or how they get one.</summary>
    public string WhatThereIs => IsFact
        ? _contracts.All(contract => contract.Count == 0) ? "it has none" : $"it has {string.Join(", ", Declared.Order(StringComparer.Ordinal))}"
        : "declare it under `events`";

    private bool IsFact { get; init; }

    public static WhereScope Of(ReleaseNames names, EventChoice events)
    {
        var contracts = events.Names.Select(name => names.ContractOf(name.Name)).ToList();
        return new WhereScope([.. contracts.OfType<IReadOnlyDictionary<string, DeclaredType>>()], !events.IsAny && !contracts.Contains(null))
        {
            IsFact = events.Names.Any(name => EventNames.IsFact(name.Name)),
        };
    }

    /// <summary>The declared type; null where no contract has it. What lies inside a property is never declared.</summary>
    public DeclaredType? TypeOf(EquatableList<string> path)
    {
        if (path.Count != 1) return null;
        foreach (var contract in _contracts)
        {
            if (contract.TryGetValue(path[0], out var type)) return type;
        }
        return null;
    }

    /// <summary>Contracts that declare one property differently.</summary>
    public bool Disagrees(EquatableList<string> path) =>
        path.Count == 1 && _contracts.Where(contract => contract.ContainsKey(path[0])).Select(contract => contract[path[0]]).Distinct().Count() > 1;
}
