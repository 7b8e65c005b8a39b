using System.Text.RegularExpressions;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions.Yaml;

/// <summary>Guesses from a line what somebody meant who knows the rules but not YAML's signs.</summary>
internal static partial class YamlHints
{
    /// <summary>What to write instead; null where nothing strikes.</summary>
    public static string? For(string line)
    {
        line = Cut(line.Trim());
        if (line.Contains('：')) return "a colon from a Chinese keyboard (：) is no colon to YAML; write `: `";
        if (QuotedStart().Match(line) is { Success: true } quoted)
            return $"a value that begins with a quote also ends there; put all of it in the other quotes: {InQuotes(quoted)}";
        if (SecondColon().Match(line) is { Success: true } second)
            return $"a value with `: ` in it is put in quotes: {InQuotes(second)}";
        if (NoBlank().Match(line) is { Success: true } joined)
            return $"a blank follows the colon: `{joined.Groups["name"]}: {joined.Groups["value"]}`";
        return NoColon().Match(line) is { Success: true } bare && !Keywords.Reserved.Contains(bare.Groups["name"].Value)
            ? $"is a colon missing? `{bare.Groups["name"]}: {bare.Groups["value"]}`"
            : null;
    }

    private static string InQuotes(Match member)
    {
        var value = member.Groups["value"].Value;
        return $"{member.Groups["name"]}: {(value.Contains('"') ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'" : $"\"{value}\"")}";
    }

    private static string Cut(string line) => line.Length <= 120 ? line : line[..120];

    [GeneratedRegex("""^(- )?(?<name>[\w ]+):\s+(?<value>(?<quote>['"])[^'"]*\k<quote>\s+[^\s#].*)$""")]
    private static partial Regex QuotedStart();

    [GeneratedRegex("""^(- )?(?<name>[\w ]+):\s+(?<value>[^\s'"\[{#].*:\s.*)$""")]
    private static partial Regex SecondColon();

    [GeneratedRegex("""^(- )?(?<name>\w+):(?<value>[^\s:/][^:]*)$""")]
    private static partial Regex NoBlank();

    [GeneratedRegex("""^(- )?(?<name>\w+) (?<value>[^:]+)$""")]
    private static partial Regex NoColon();
}
