using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Rules.Checking;

/// <summary>Gathers what a checked release asks of those who send.</summary>
internal static class SenderContracts
{
    public static SenderContract Of(ReleaseNames names, DateTimeZone zone, string? currency, IEnumerable<string> converted,
        ImmutableArray<NameTable> tables)
    {
        var events = names.Contracts.ToDictionary(contract => contract.Key,
            contract => contract.Value.ToDictionary(property => property.Key, property => TypeOf(property.Value)));
        // What nobody declared is read as its rules want it; where two want different things, nobody can say what is right.
        var reads = names.Aggregates.All.Where(aggregate => aggregate is { ReadsProperty: true, OverFacts: false, Property.Length: 1 })
            .SelectMany(aggregate => aggregate.Events.Select(
            name => (Event: name, Property: aggregate.Property[0], Type: new DeclaredType(aggregate.PropertyType, aggregate.IsMoney))))
            .Where(read => !names.Contracts.ContainsKey(read.Event))
            .GroupBy(read => (read.Event, read.Property));
        foreach (var read in reads)
        {
            if (read.Select(one => one.Type).Distinct().Count() > 1) continue;
            if (!events.TryGetValue(read.Key.Event, out var properties)) events.Add(read.Key.Event, properties = []);
            properties.Add(read.Key.Property, TypeOf(read.First().Type));
        }
        return new SenderContract
        {
            Zone = zone,
            Currencies = currency is null ? [] : FrozenSet.ToFrozenSet([currency, .. converted], StringComparer.OrdinalIgnoreCase),
            Events = events.ToFrozenDictionary(contract => contract.Key, contract => contract.Value.ToFrozenDictionary()),
            Attributes =
                names.Attributes.ToFrozenDictionary(attribute => attribute.Key, attribute => TypeOf(new DeclaredType(attribute.Value, false))),
            Names = tables,
        };
    }

    private static SentType TypeOf(DeclaredType type) =>
        new(type.Type, type.IsMoney ? "money" : Vocabulary.TypeWords.First(word => word.Type == type.Type).Name);
}
