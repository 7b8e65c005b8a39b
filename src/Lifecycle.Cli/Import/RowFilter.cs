using System.Globalization;
using System.Text.RegularExpressions;

namespace Lifecycle.Cli.Import;

/// <summary>Which rows count: comparisons of a column with a constant, all of which must hold: <c>dollar_value != 0 and store =
/// 'Paris'</c>.</summary>
/// <remarks>With a number the comparison is one of numbers, otherwise of texts. A column that is empty compares with nothing.</remarks>
public sealed partial class RowFilter
{
    private readonly IReadOnlyList<FilterComparison> _comparisons;

    private RowFilter(IReadOnlyList<FilterComparison> comparisons) => _comparisons = comparisons;

    /// <summary>The filter, or a sentence saying why there is none.</summary>
    /// <param name="columnOf">The place of a column by its name.</param>
    public static (RowFilter? Filter, string? Complaint) Parse(string text, Func<string, int> columnOf)
    {
        var comparisons = new List<FilterComparison>();
        foreach (var part in And().Split(text))
        {
            var match = ComparisonPattern().Match(part);
            if (!match.Success) return (null, $"\"{part.Trim()}\" is not a comparison like: dollar_value != 0");
            var constant = match.Groups["constant"].Value;
            var quoted = constant[0] is '\'' or '"';
            decimal? number = !quoted && TryNumber(constant, out var parsed) ? parsed : null;
            comparisons.Add(new(columnOf(match.Groups["column"].Value), match.Groups["operator"].Value, quoted ? constant[1..^1] : constant, number));
        }
        return (new(comparisons), null);
    }

    /// <summary>Whether the row counts; or the column whose text is no number though it is compared with one.</summary>
    public (bool Counts, int BadColumn) Judge(ImportedEvent row)
    {
        foreach (var comparison in _comparisons)
        {
            var value = row.Values[comparison.Column]?.Trim();
            if (string.IsNullOrEmpty(value)) return (false, -1);
            int order;
            if (comparison.Number is not { } number) order = string.CompareOrdinal(value, comparison.Text);
            else if (TryNumber(value, out var actual)) order = actual.CompareTo(number);
            else return (false, comparison.Column);
            if (!Holds(comparison.Operator, order)) return (false, -1);
        }
        return (true, -1);
    }

    private static bool Holds(string @operator, int order) => @operator switch
    {
        "=" or "==" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private sealed record FilterComparison(int Column, string Operator, string Text, decimal? Number);

    // An "and" between quotation marks belongs to a constant: what follows a separator has its quotation marks in pairs.
    [GeneratedRegex("""\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)(?=(?:[^"]*"[^"]*")*[^"]*$)""", RegexOptions.IgnoreCase)]
    private static partial Regex And();

    [GeneratedRegex("""^\s*(?<column>[^\s=!<>'"]+)\s*(?<operator>==|=|!=|<=|>=|<|>)\s*(?<constant>'[^']*'|"[^"]*"|[^\s=!<>'"]+)\s*$""")]
    private static partial Regex ComparisonPattern();
}
