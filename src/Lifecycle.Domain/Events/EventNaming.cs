using System.Globalization;
using System.Text;

namespace Lifecycle.Domain.Events;

/// <summary>How events are named once they are in: snake_case, split where something other than a letter, digit or mark stands and where a capital
/// follows a small letter; letters of every script are kept.</summary>
public static class EventNaming
{
    /// <summary>The name in snake_case: <c>Order Completed</c>, <c>orderCompleted</c> and <c>ORDER_COMPLETED</c> are all
    /// <c>order_completed</c>.</summary>
    /// <remarks>A second pass changes nothing. A name without a letter or digit stays as it is.</remarks>
    public static string ToSnakeCase(string name)
    {
        if (IsSnakeCase(name)) return name;
        var result = new StringBuilder(name.Length + 4);
        Span<char> letters = stackalloc char[2];
        var previousIsLower = false;
        var gap = false;
        foreach (var rune in name.EnumerateRunes())
        {
            if (!IsWordPart(rune))
            {
                (gap, previousIsLower) = (true, false);
                continue;
            }
            var lower = Rune.ToLowerInvariant(rune);
            if (result.Length > 0 && (gap || (previousIsLower && lower != rune))) result.Append('_');
            result.Append(letters[..lower.EncodeToUtf16(letters)]);
            (gap, previousIsLower) = (false, Rune.IsLower(rune));
        }
        return result.Length == 0 ? name : result.ToString();
    }

    /// <summary>Whether it is surely in its last form already, as what an SDK sends mostly is.</summary>
    private static bool IsSnakeCase(string name)
    {
        var previous = '_';
        foreach (var letter in name)
        {
            if (letter == '_' ? previous == '_' : !(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))) return false;
            previous = letter;
        }
        return previous != '_';
    }

    private static bool IsWordPart(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
