using System.Runtime.InteropServices;
using System.Text;

namespace Lifecycle.Domain.Texts;

/// <summary>Brings text into Unicode's normalization form C, so that one name that was typed in two ways is one name.</summary>
/// <remarks>The framework's own normalization needs ICU, which this product runs without. See https://www.unicode.org/reports/tr15/.</remarks>
public static class Nfc
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    /// <summary>The text in form C; the same string where it is in it already, as nearly all text is.</summary>
    public static string Of(string text) => IsSurely(text) ? text : Compose(Decompose(text));

    /// <summary>Whether nothing in the text could be written in another way, found without allocating anything.</summary>
    private static bool IsSurely(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // Below U+0300 nothing combines, nor do Chinese characters and Hangul syllables.
            var unit = text[i];
            if (unit < 0x300 || unit is (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3')) continue;
            if (CanonicalTable.MayChange(CodePointAt(text, ref i))) return false;
        }
        return true;
    }

    private static int CodePointAt(string text, ref int i) =>
        char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? char.ConvertToUtf32(text[i], text[++i]) : text[i];

    /// <summary>Each character taken apart as far as it goes, marks in their canonical order.</summary>
    private static List<int> Decompose(string text)
    {
        var points = new List<int>(text.Length + 8);
        for (var i = 0; i < text.Length; i++) Decompose(CodePointAt(text, ref i), points);
        for (var start = 0; start < points.Count; start++)
        {
            if (CanonicalTable.ClassOf(points[start]) == 0) continue;
            var end = start + 1;
            while (end < points.Count && CanonicalTable.ClassOf(points[end]) != 0) end++;
            if (end - start > 1)
            {
                var ordered = points[start..end].OrderBy(CanonicalTable.ClassOf).ToList();
                ordered.CopyTo(CollectionsMarshal.AsSpan(points)[start..end]);
            }
            start = end;
        }
        return points;
    }

    private static void Decompose(int point, List<int> points)
    {
        if (point - HangulBase is var syllable and >= 0 and < Syllables)
        {
            points.Add(LeadBase + syllable / (Vowels * Tails));
            points.Add(VowelBase + syllable % (Vowels * Tails) / Tails);
            if (syllable % Tails > 0) points.Add(TailBase + syllable % Tails);
        }
        else if (CanonicalTable.PartsOf(point) is var (first, second))
        {
            // The table has no circles: a part is always simpler than the whole.
            Decompose(first, points);
            if (second > 0) Decompose(second, points);
        }
        else points.Add(point);
    }

    private static string Compose(List<int> points)
    {
        var composed = new List<int>(points.Count);
        int starter = -1, lastClass = 0;
        foreach (var point in points)
        {
            var pointClass = CanonicalTable.ClassOf(point);
            var isReachable = starter >= 0 && (lastClass < pointClass || composed.Count - 1 == starter);
            if (isReachable && Pair(composed[starter], point) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }
            if (pointClass == 0) starter = composed.Count;
            lastClass = pointClass;
            composed.Add(point);
        }
        var text = new StringBuilder(composed.Count + 8);
        foreach (var point in composed)
        {
            if (Rune.TryCreate(point, out var rune)) text.Append(rune);
            else text.Append((char)point);
        }
        return text.ToString();
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadBase is var lead and >= 0 and < Leads && second - VowelBase is var vowel and >= 0 and < Vowels)
            return HangulBase + (lead * Vowels + vowel) * Tails;
        if (first - HangulBase is var syllable and >= 0 and < Syllables && syllable % Tails == 0 && second - TailBase is var tail and > 0 and < Tails)
            return first + tail;
        return CanonicalTable.WholeOf(first, second);
    }
}
