using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Lifecycle.Domain.Values;

/// <summary>A list that equals another when its items do, so that two trees written alike are equal.</summary>
[CollectionBuilder(typeof(EquatableLists), nameof(EquatableLists.Of))]
public readonly struct EquatableList<T>(ImmutableArray<T> items) : IReadOnlyList<T>, IEquatable<EquatableList<T>>
{
    private readonly ImmutableArray<T> _items = items;

    private ImmutableArray<T> Present => _items.IsDefault ? [] : _items;

    public int Count => Present.Length;
    public T this[int index] => Present[index];

    public bool Equals(EquatableList<T> other) => Present.SequenceEqual(other.Present);

    public override bool Equals(object? obj) => obj is EquatableList<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Present) hash.Add(item);
        return hash.ToHashCode();
    }

    public static bool operator ==(EquatableList<T> a, EquatableList<T> b) => a.Equals(b);
    public static bool operator !=(EquatableList<T> a, EquatableList<T> b) => !a.Equals(b);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Present).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes <see cref="EquatableList{T}"/>.</summary>
public static class EquatableLists
{
    public static EquatableList<T> Of<T>(ReadOnlySpan<T> items) => new([.. items]);
}
