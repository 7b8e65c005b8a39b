using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Lifecycle.Domain;

/// <summary>A few things by name, in ordinal order. Takes no room while it is empty, as it is in most of a million customers' states.</summary>
public sealed class NameDictionary<T> : IReadOnlyCollection<KeyValuePair<string, T>>
{
    private KeyValuePair<string, T>[] _items = [];

    public int Count { get; private set; }

    public IEnumerable<string> Keys => this.Select(item => item.Key);

    public T this[string name]
    {
        get => TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"There is no {name}.");
        set
        {
            var index = IndexOf(name);
            if (index >= 0) _items[index] = new(name, value);
            else InsertAt(~index, name, value);
        }
    }

    public bool ContainsKey(string name) => IndexOf(name) >= 0;

    public bool TryGetValue(string name, [MaybeNullWhen(false)] out T value)
    {
        var index = IndexOf(name);
        value = index >= 0 ? _items[index].Value : default;
        return index >= 0;
    }

    public T? GetValueOrDefault(string name) => TryGetValue(name, out var value) ? value : default;

    /// <returns>False where there is one of that name already, which stays.</returns>
    public bool TryAdd(string name, T value)
    {
        var index = IndexOf(name);
        if (index >= 0) return false;
        InsertAt(~index, name, value);
        return true;
    }

    public bool Remove(string name)
    {
        var index = IndexOf(name);
        if (index < 0) return false;
        Count--;
        Array.Copy(_items, index + 1, _items, index, Count - index);
        _items[Count] = default;
        return true;
    }

    public void Clear() => (_items, Count) = ([], 0);

    public ReadOnlySpan<KeyValuePair<string, T>>.Enumerator GetEnumerator() => new ReadOnlySpan<KeyValuePair<string, T>>(_items, 0, Count).GetEnumerator();

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<KeyValuePair<string, T>>)this).GetEnumerator();

    private void InsertAt(int index, string name, T value)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Math.Max(1, Count * 2));
        Array.Copy(_items, index, _items, index + 1, Count - index);
        _items[index] = new(name, value);
        Count++;
    }

    /// <summary>Where a name is; the complement of where it would be if it is not there.</summary>
    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            var order = string.CompareOrdinal(_items[i].Key, name);
            if (order == 0) return i;
            if (order > 0) return ~i;
        }
        return ~Count;
    }
}
