using System.Collections.Frozen;
using System.Globalization;

namespace Lifecycle.Domain.Texts;

/// <summary>Unicode's canonical decompositions and combining classes, from version 14. What later versions add is left as it is.</summary>
/// <remarks>In <c>canonical.txt</c> <c>C0=41 300</c> says that U+00C0 is made of the two and they of it; <c>212B&gt;C5</c> that the parts are not put
/// together again; <c>300-314:230</c> that these have the combining class 230.</remarks>
internal static class CanonicalTable
{
    private static readonly FrozenDictionary<int, (int First, int Second)> Parts;
    private static readonly FrozenDictionary<(int First, int Second), int> Wholes;
    private static readonly FrozenDictionary<int, int> Classes;
    private static readonly FrozenSet<int> Changing;

    static CanonicalTable()
    {
        var (parts, wholes, classes, changing) =
            (new Dictionary<int, (int, int)>(), new Dictionary<(int, int), int>(), new Dictionary<int, int>(), new HashSet<int>());
        foreach (var line in Read().Split(['\n', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = line.AsSpan().IndexOfAny("=>:");
            var (left, right) = (line[..sign], line[(sign + 1)..]);
            if (line[sign] == ':')
            {
                var bounds = left.Split('-');
                for (var point = Point(bounds[0]); point <= Point(bounds[1]); point++)
                {
                    classes.Add(point, int.Parse(right, CultureInfo.InvariantCulture));
                    changing.Add(point);
                }
                continue;
            }
            var pair = right.Split(' ') switch { [var first, var second] => (Point(first), Point(second)), var single => (Point(single[0]), 0) };
            parts.Add(Point(left), pair);
            if (line[sign] == '=') wholes.Add(pair, Point(left));
            else changing.Add(Point(left));
            if (pair.Item2 > 0) changing.Add(pair.Item2);
        }
        (Parts, Wholes, Classes) = (parts.ToFrozenDictionary(), wholes.ToFrozenDictionary(), classes.ToFrozenDictionary());
        Changing = changing.ToFrozenSet();
    }

    /// <summary>Whether text with this character may be written in another way. False is certain.</summary>
    public static bool MayChange(int point) => point is >= 0x1161 and < 0x11C3 || Changing.Contains(point);

    /// <summary>The canonical combining class; 0 for a character that begins a new one.</summary>
    public static int ClassOf(int point) => point < 0x300 ? 0 : Classes.GetValueOrDefault(point);

    /// <summary>What a character is made of; the second is 0 where there is but one. Null where it is made of nothing.</summary>
    public static (int First, int Second)? PartsOf(int point) => Parts.TryGetValue(point, out var parts) ? parts : null;

    /// <summary>The character that two make together, or null.</summary>
    public static int? WholeOf(int first, int second) => Wholes.TryGetValue((first, second), out var whole) ? whole : null;

    private static int Point(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Read()
    {
        using var stream = typeof(CanonicalTable).Assembly.GetManifestResourceStream("Texts/canonical.txt")
            ?? throw new InvalidOperationException("Texts/canonical.txt is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
