using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Lifecycle.Domain.Rules.Syntax;

/// <summary>A list that equals another when its items do, so that two trees written alike are equal.</summary>
[CollectionBuilder(typeof(Items), nameof(Items.Of))]
public readonly struct Items<T>(ImmutableArray<T> items) : IReadOnlyList<T>, IEquatable<Items<T>>
{
    private readonly ImmutableArray<T> _items = items;

    private ImmutableArray<T> Present => _items.IsDefault ? [] : _items;

    public int Count => Present.Length;
    public T this[int index] => Present[index];

    public bool Equals(Items<T> other) => Present.SequenceEqual(other.Present);

    public override bool Equals(object? obj) => obj is Items<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Present) hash.Add(item);
        return hash.ToHashCode();
    }

    public static bool operator ==(Items<T> a, Items<T> b) => a.Equals(b);
    public static bool operator !=(Items<T> a, Items<T> b) => !a.Equals(b);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Present).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes <see cref="Items{T}"/>.</summary>
public static class Items
{
    public static Items<T> Of<T>(ReadOnlySpan<T> items) => new([.. items]);
}
