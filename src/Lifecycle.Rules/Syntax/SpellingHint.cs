namespace Lifecycle.Rules.Syntax;

/// <summary>Finds what somebody probably meant.</summary>
public static class SpellingHint
{
    /// <summary>Names beyond this length are not compared.</summary>
    private const int LengthMax = 100;

    /// <summary>The known name that takes the fewest letters to change, insert, drop or swap, at most a third of the written one; null if none
    /// is near.</summary>
    public static string? To(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LengthMax) return null;
        var allowed = Math.Max(1, written.Length / 3);
        string? nearest = null;
        foreach (var name in known)
        {
            if (name.Length > LengthMax || Math.Abs(name.Length - written.Length) > allowed) continue;
            var distance = Distance(written, name);
            if (distance > allowed || distance >= Math.Max(written.Length, name.Length)) continue;
            (nearest, allowed) = (name, distance - 1);
        }
        return nearest;
    }

    /// <summary>"did you mean `purchases`?", or null.</summary>
    public static string? Hint(string written, IEnumerable<string> known) =>
        To(written, known) is { } name ? $"did you mean `{name}`?" : null;

    /// <summary>Optimal string alignment: Levenshtein's distance with swaps of neighbours counted once; case counts for nothing.</summary>
    private static int Distance(string a, string b)
    {
        var (before, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                var least = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + change);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) least = Math.Min(least, before[j - 2] + 1);
                current[j] = least;
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
