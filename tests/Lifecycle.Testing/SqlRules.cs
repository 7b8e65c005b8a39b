using System.Text.RegularExpressions;
using Lifecycle.EventLog.Database;

namespace Lifecycle.Testing;

/// <summary>What every statement of the product keeps to, so that the same schema runs on one PostgreSQL and, distributed by shard, on many.</summary>
public static class SqlRules
{
    private const RegexOptions Loosely = RegexOptions.IgnoreCase | RegexOptions.Singleline;

    /// <summary>A parameter; a number, put into the text where PostgreSQL takes no parameters; or the brace that stands for one in the code.</summary>
    private const string OneShard = @"\bshard\s*=\s*(\$?\d|\{)";

    private static readonly string[] Forbidden =
    [
        @"\bnextval\b", @"\bcurrval\b", @"\b(small|big)?serial\b", @"\bgenerated\s+(always|by default)\s+as\s+identity\b",
        @"\bpg_notify\b", @"\blisten\s", @"\bnotify\s", @"\bcreate\s+(or\s+replace\s+)?trigger\b", @"\bpg_(try_)?advisory",
        @"\btxid_", @"\bpg_current_xact_id\b", @"\bpg_snapshot_", @"\bpg_current_snapshot\b", @"\bxmin\b", @"\bxmax\b",
    ];

    private static readonly string HotTables = string.Join('|', Tables().Where(table => Regex.IsMatch(table.Columns, @"^\s+shard\s+int\b", RegexOptions.Multiline)).Select(table => table.Name));

    /// <summary>Whether a statement reads or writes a table that has a shard.</summary>
    public static bool TouchesHotTable(string sql) =>
        Regex.IsMatch(sql, $@"\b(from|into|join|update)\s+({HotTables})\b(?!\s*\()|\binsert\s+into\s+({HotTables})\b", Loosely);

    /// <summary>Whether a table of this name has a shard.</summary>
    public static bool IsHot(string table) => Regex.IsMatch(table, $"^({HotTables})$");

    /// <summary>The rules that a statement, without comments, does not keep to; each with what offends.</summary>
    public static IEnumerable<string> Breaches(string sql)
    {
        foreach (var pattern in Forbidden.Where(pattern => Regex.IsMatch(sql, pattern, Loosely)))
            yield return $"it has what a distributed database has not: {pattern}";
        var oneShard = Regex.IsMatch(sql, OneShard, Loosely);
        if (sql.Contains("skip locked", StringComparison.OrdinalIgnoreCase) && !oneShard) yield return "it skips locked rows beyond a shard";
        if (!TouchesHotTable(sql)) yield break;
        var inserts = Regex.IsMatch(sql, $@"\binsert\s+into\s+({HotTables})\s*\(\s*shard\b", Loosely);
        var reads = Regex.IsMatch(sql, $@"\b(from|join|update)\s+({HotTables})\b", Loosely);
        if (!oneShard && (!inserts || reads)) yield return "it does not say shard = $n";
        foreach (Match update in Regex.Matches(sql, @"\bset\s+(.*?)(\bwhere\b|\bfrom\b|\breturning\b|$)", Loosely))
            if (Regex.IsMatch(update.Groups[1].Value, @"\b(clock_timestamp|now|statement_timestamp|gen_random_uuid|random)\s*\(", Loosely))
                yield return $"it writes something volatile: {update.Value}";
    }

    /// <summary>Every table of the schema with what stands between its brackets, as the last migration that makes it has it.</summary>
    public static IEnumerable<(string Name, string Columns)> Tables() => (
        from file in typeof(LogDatabase).Assembly.GetManifestResourceNames()
        where file.StartsWith("Migrations/", StringComparison.Ordinal)
        orderby file
        from Match table in Regex.Matches(WithoutComments(Read(file)), @"create table (\w+) \((.*?)\n\)", RegexOptions.Singleline)
        select (Name: table.Groups[1].Value, Columns: table.Groups[2].Value)).GroupBy(table => table.Name).Select(made => made.Last());

    public static string WithoutComments(string sql) => Regex.Replace(sql, "--[^\n]*", "");

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(LogDatabase).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
