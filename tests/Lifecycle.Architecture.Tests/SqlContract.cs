using System.Text.RegularExpressions;

namespace Lifecycle.Architecture.Tests;

/// <summary>What lets the same schema run on one PostgreSQL and, distributed by shard, on many.</summary>
public sealed class SqlContract
{
    private const string Migrations = "src/Lifecycle.EventLog/Migrations";

    /// <summary>A parameter, or a number put into the text where PostgreSQL takes no parameters.</summary>
    private const string OneShard = @"\bshard\s*=\s*(\$\d|\{)";

    /// <summary>Statements that are not about one shard, with the reason. None of them is in a hot transaction.</summary>
    private static readonly Dictionary<string, string> AcrossShards = [];

    private static readonly string[] Forbidden =
    [
        @"\bnextval\b", @"\bcurrval\b", @"\b(small|big)?serial\b", @"\bgenerated\s+(always|by default)\s+as\s+identity\b",
        @"\bpg_notify\b", @"\blisten\s", @"\bnotify\s", @"\bcreate\s+(or\s+replace\s+)?trigger\b", @"\bpg_(try_)?advisory",
        @"\btxid_", @"\bpg_current_xact_id\b", @"\bpg_snapshot_", @"\bpg_current_snapshot\b", @"\bxmin\b", @"\bxmax\b",
    ];

    private static readonly IReadOnlyDictionary<string, string> Tables = ReadTables();

    private static readonly string[] Hot = [.. Tables.Where(table => Regex.IsMatch(table.Value, @"^\s+shard\s+int\b", RegexOptions.Multiline)).Select(table => table.Key)];

    [Fact]
    public void The_hot_tables_are_those_that_have_a_shard()
    {
        Assert.Contains("event", Hot);
        Assert.Contains("state", Hot);
        Assert.Contains("delivery", Hot);
        Assert.DoesNotContain("release", Hot);
    }

    [Fact]
    public void Keys_of_hot_tables_begin_with_the_shard()
    {
        foreach (var table in Hot)
            foreach (Match key in Regex.Matches(Tables[table], @"(primary key|unique)\s*\(([^)]*)\)"))
                Assert.StartsWith("shard", key.Groups[2].Value.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_constraint_has_a_name()
    {
        foreach (var (table, columns) in Tables)
            foreach (var line in columns.Split('\n').Where(line => Regex.IsMatch(line, @"\b(primary key|unique|check|foreign key|references)\b")))
                Assert.True(line.TrimStart().StartsWith("constraint ", StringComparison.Ordinal), $"{table}: {line.Trim()}");
    }

    [Fact]
    public void No_statement_relies_on_what_a_distributed_database_does_not_have()
    {
        foreach (var (place, sql) in Statements().Concat(Schema()))
            foreach (var pattern in Forbidden)
                Assert.False(Regex.IsMatch(sql, pattern, RegexOptions.IgnoreCase), $"{place} matches {pattern}.");
    }

    [Fact]
    public void Every_statement_on_a_hot_table_says_whose_shard()
    {
        foreach (var (place, sql) in Statements().Where(statement => TouchesHot(statement.Sql) && !AcrossShards.ContainsKey(statement.Place)))
        {
            var inserts = Regex.IsMatch(sql, $@"\binsert\s+into\s+({string.Join('|', Hot)})\s*\(\s*shard\b", RegexOptions.IgnoreCase);
            var asks = Regex.IsMatch(sql, OneShard, RegexOptions.IgnoreCase);
            var reads = Regex.IsMatch(sql, $@"\b(from|join|update)\s+({string.Join('|', Hot)})\b", RegexOptions.IgnoreCase);
            Assert.True(asks || (inserts && !reads), $"{place} does not say shard = $n: {sql}");
        }
    }

    [Fact]
    public void Exceptions_are_still_needed() =>
        Assert.Empty(AcrossShards.Keys.Except(Statements().Where(statement => TouchesHot(statement.Sql)).Select(statement => statement.Place)));

    [Fact]
    public void What_is_written_by_an_update_is_the_same_on_every_node()
    {
        foreach (var (place, sql) in Statements().Where(statement => TouchesHot(statement.Sql)))
            foreach (Match update in Regex.Matches(sql, @"\bset\s+(.*?)(\bwhere\b|\bfrom\b|\breturning\b|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline))
                Assert.False(Regex.IsMatch(update.Groups[1].Value, @"\b(clock_timestamp|now|statement_timestamp|gen_random_uuid|random)\s*\(", RegexOptions.IgnoreCase),
                    $"{place} writes something volatile: {update.Value}");
    }

    [Fact]
    public void Locked_rows_are_skipped_only_within_a_shard()
    {
        foreach (var (place, sql) in Statements().Where(statement => statement.Sql.Contains("skip locked", StringComparison.OrdinalIgnoreCase)))
            Assert.True(Regex.IsMatch(sql, OneShard, RegexOptions.IgnoreCase), place);
    }

    private static bool TouchesHot(string sql) =>
        Regex.IsMatch(sql, $@"\b(from|into|join|update)\s+({string.Join('|', Hot)})\b(?!\s*\()|\binsert\s+into\s+({string.Join('|', Hot)})\b", RegexOptions.IgnoreCase);

    /// <summary>Every statement of the product: the SQL files, and what stands on one line in the code.</summary>
    private static IEnumerable<(string Place, string Sql)> Statements()
    {
        foreach (var file in Tree.Files("src", ".sql").Where(file => !file.StartsWith(Migrations, StringComparison.Ordinal)))
            yield return (file, WithoutComments(Tree.Text(file)));
        foreach (var file in Tree.Files("src", ".cs"))
            foreach (Match text in Regex.Matches(Tree.Text(file), "\"\"\"(?<text>.*?)\"\"\"|\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)\"", RegexOptions.Singleline))
                if (Regex.IsMatch(text.Groups["text"].Value, @"^\s*(select|insert|update|delete|with)\s.*\b(from|into|set)\b", RegexOptions.Singleline))
                    yield return (file, WithoutComments(text.Groups["text"].Value));
    }

    private static IEnumerable<(string Place, string Sql)> Schema() =>
        Tree.Files(Migrations, ".sql").Select(file => (file, WithoutComments(Tree.Text(file))));

    private static Dictionary<string, string> ReadTables()
    {
        var tables = new Dictionary<string, string>();
        foreach (var (_, sql) in Schema())
            foreach (Match table in Regex.Matches(sql, @"create table (\w+) \((.*?)\n\)", RegexOptions.Singleline))
                tables[table.Groups[1].Value] = table.Groups[2].Value;
        return tables;
    }

    private static string WithoutComments(string sql) => Regex.Replace(sql, "--[^\n]*", "");
}
