using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Personal;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain;

/// <summary>What a release asks of those who send: what events are called, and what their properties are read as.</summary>
public sealed record SenderContract
{
    /// <summary>What is asked before anything was published: nothing.</summary>
    public static readonly SenderContract None = new();

    /// <summary>In which a date without a time begins.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;

    /// <summary>The currencies whose amounts rules read; empty where any will do.</summary>
    public FrozenSet<string> Currencies { get; init; } = [];

    /// <summary>The properties of each event that are declared, or that a rule reads.</summary>
    public FrozenDictionary<string, FrozenDictionary<string, SentType>> Events { get; init; } = FrozenDictionary<string, FrozenDictionary<string,
        SentType>>.Empty;

    /// <summary>The declared attributes of customers.</summary>
    public FrozenDictionary<string, SentType> Attributes { get; init; } = FrozenDictionary<string, SentType>.Empty;

    /// <summary>What of it is personal.</summary>
    public PersonalDeclarations Personal { get; init; } = PersonalDeclarations.None;

    /// <summary>The tables of names that the settings switched on, in their order.</summary>
    public ImmutableArray<NameTable> Names { get; init; } = [];
}

/// <summary>What a property is read as.</summary>
/// <param name="Word">The type as definitions write it.</param>
public readonly record struct SentType(RuleType Type, string Word)
{
    public bool IsMoney => Word == "money";
}
