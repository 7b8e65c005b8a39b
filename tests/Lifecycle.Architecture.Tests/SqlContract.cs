using System.Text.RegularExpressions;
using Lifecycle.Testing;

namespace Lifecycle.Architecture.Tests;

/// <summary>What lets the same schema run on one PostgreSQL and, distributed by shard, on many.</summary>
public sealed class SqlContract
{
    private const string Migrations = "src/Lifecycle.EventLog/Migrations";

    /// <summary>Statements that are not about one shard, with the reason. None of them is in a hot transaction.</summary>
    private static readonly Dictionary<string, string> AcrossShards = [];

    private static readonly IReadOnlyDictionary<string, string> Tables = SqlRules.Tables().ToDictionary(table => table.Name, table => table.Columns);

    private static readonly string[] Hot = [.. Tables.Keys.Where(SqlRules.IsHot)];

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
    public void Every_statement_that_stands_in_the_tree_keeps_to_the_rules()
    {
        foreach (var (place, sql) in Statements().Where(statement => !AcrossShards.ContainsKey(statement.Place)))
            Assert.True(!SqlRules.Breaches(sql).Any(), $"{place}: {string.Join("; ", SqlRules.Breaches(sql))}: {sql}");
    }

    [Fact]
    public void The_schema_relies_on_nothing_that_a_distributed_database_does_not_have()
    {
        foreach (var file in Tree.Files(Migrations, ".sql"))
            Assert.Empty(SqlRules.Breaches(SqlRules.WithoutComments(Tree.Text(file))));
    }

    [Fact]
    public void Exceptions_are_still_needed() => Assert.Empty(AcrossShards.Keys.Except(
        Statements().Where(statement => SqlRules.Breaches(statement.Sql).Any()).Select(statement => statement.Place)));

    [Theory]
    [InlineData("update state set body = $2 where tenant = $1", "it does not say shard = $n")]
    [InlineData("select * from event e join state s using (shard) where position > $1", "it does not say shard = $n")]
    [InlineData("insert into carry (tenant, id) values ($1, $2)", "it does not say shard = $n")]
    [InlineData("update due set at = now() where shard = $1", "it writes something volatile")]
    [InlineData("insert into history (shard, tenant) values ($1, $2) on conflict (shard, tenant) do update set last_input_at = clock_timestamp()", "it writes something volatile")]
    [InlineData("select 1 from release for update skip locked", "it skips locked rows beyond a shard")]
    [InlineData("select nextval('numbers')", "it has what a distributed database has not")]
    [InlineData("select pg_advisory_xact_lock(1)", "it has what a distributed database has not")]
    [InlineData("notify news", "it has what a distributed database has not")]
    [InlineData("select xmin from tenant", "it has what a distributed database has not")]
    public void A_breach_is_seen(string sql, string breach) => Assert.StartsWith(breach, Assert.Single(SqlRules.Breaches(sql)), StringComparison.Ordinal);

    /// <summary>Every statement of the product: the SQL files, and what stands on one line in the code.</summary>
    private static IEnumerable<(string Place, string Sql)> Statements()
    {
        foreach (var file in Tree.Files("src", ".sql").Where(file => !file.StartsWith(Migrations, StringComparison.Ordinal)))
            yield return (file, SqlRules.WithoutComments(Tree.Text(file)));
        foreach (var file in Tree.Files("src", ".cs"))
            foreach (Match text in Regex.Matches(Tree.Text(file), "\"\"\"(?<text>.*?)\"\"\"|\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)\"", RegexOptions.Singleline))
                if (Regex.IsMatch(text.Groups["text"].Value, @"^\s*(select|insert|update|delete|with)\s.*\b(from|into|set)\b", RegexOptions.Singleline))
                    yield return (file, SqlRules.WithoutComments(text.Groups["text"].Value));
    }
}
