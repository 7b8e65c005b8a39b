using System.Diagnostics.CodeAnalysis;

namespace Lifecycle.EventLog.Concurrency;

/// <summary>A bounded memory in two generations: when the young one is full it becomes the old one, and what was not asked for since is
/// forgotten.</summary>
/// <remarks>Holds at most <paramref name="capacity"/> entries. Safe for any number of threads.</remarks>
internal sealed class GenerationCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out value)) return true;
            if (!_old.TryGetValue(key, out value)) return false;
            Put(key, value);
            return true;
        }
    }

    public void Add(TKey key, TValue value)
    {
        lock (_lock) Put(key, value);
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Put(TKey key, TValue value)
    {
        if (_young.Count >= Math.Max(1, capacity / 2)) (_old, _young) = (_young, []);
        _young[key] = value;
    }
}
