using System.Collections.Concurrent;
using Lifecycle.Domain.Personal;

namespace Lifecycle.Ingestion.Personal;

/// <summary>What <see cref="PersonalNames"/> says of the names that were met, worked out once each: senders have a few hundred, and every event has
/// some.</summary>
internal static class RecentNames
{
    /// <summary>More names than this are looked at anew each time.</summary>
    private const int NamesMax = 8192;

    private static readonly ConcurrentDictionary<string, NameKind> Known = new(StringComparer.Ordinal);
    private static int _count;

    public static NameKind KindOf(string name)
    {
        if (Known.TryGetValue(name, out var kind)) return kind;
        kind = PersonalNames.Of(name);
        if (name.Length <= PersonalNames.LengthMax && Volatile.Read(ref _count) < NamesMax && Known.TryAdd(name, kind))
            Interlocked.Increment(ref _count);
        return kind;
    }
}
