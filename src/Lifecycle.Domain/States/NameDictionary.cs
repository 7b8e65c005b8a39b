using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Lifecycle.Domain.States;

/// <summary>A few things by name, in ordinal order. It never changes: adding and removing give another.</summary>
/// <remarks>Takes no room while it is empty, as it is in most of a million customers' states.</remarks>
public readonly struct NameDictionary<T> : IReadOnlyCollection<KeyValuePair<string, T>>
{
    // Null in the default, which is the empty one.
    private readonly KeyValuePair<string, T>[]? _items;

    private NameDictionary(KeyValuePair<string, T>[] items) => _items = items;

    public int Count => _items?.Length ?? 0;

    public IEnumerable<string> Keys => this.Select(item => item.Key);

    public T this[string name] => TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"There is no {name}.");

    public bool ContainsKey(string name) => IndexOf(name) >= 0;

    public bool TryGetValue(string name, [MaybeNullWhen(false)] out T value)
    {
        var index = IndexOf(name);
        value = index >= 0 ? _items![index].Value : default;
        return index >= 0;
    }

    public T? GetValueOrDefault(string name) => TryGetValue(name, out var value) ? value : default;

    /// <summary>The same with a thing of this name, in place of the one there may be.</summary>
    public NameDictionary<T> With(string name, T value)
    {
        var index = IndexOf(name);
        var item = KeyValuePair.Create(name, value);
        return index >= 0 ? new([.. _items.AsSpan(0, index), item, .. _items.AsSpan(index + 1)])
            : new([.. _items.AsSpan(0, ~index), item, .. _items.AsSpan(~index)]);
    }

    /// <summary>The same without the thing of this name, if there is one.</summary>
    public NameDictionary<T> Without(string name)
    {
        var index = IndexOf(name);
        return index < 0 ? this : new([.. _items.AsSpan(0, index), .. _items.AsSpan(index + 1)]);
    }

    public ReadOnlySpan<KeyValuePair<string, T>>.Enumerator GetEnumerator() => new ReadOnlySpan<KeyValuePair<string, T>>(_items).GetEnumerator();

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, T>>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_items ?? []).GetEnumerator();

    /// <summary>Where a name is; the complement of where it would be if it is not there.</summary>
    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            var order = string.CompareOrdinal(_items![i].Key, name);
            if (order == 0) return i;
            if (order > 0) return ~i;
        }
        return ~Count;
    }
}
