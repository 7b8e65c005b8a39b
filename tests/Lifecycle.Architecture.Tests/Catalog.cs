using System.Reflection;
using System.Text.RegularExpressions;
using Lifecycle.Domain.Events;

namespace Lifecycle.Architecture.Tests;

public sealed class Catalog
{
    private const string GoldenFiles = "tests/Lifecycle.EventLog.Tests/Golden";

    [Fact]
    public void Every_input_fact_and_shard_input_is_in_the_catalog_once_and_nothing_else_is()
    {
        (EventKind Kind, Type Type)[] closed =
        [
            .. Cases<Input>().Where(type => type != typeof(Touchpoint)).Select(type => (EventKind.Input, type)),
            .. Cases<ShardInput>().Select(type => (EventKind.ShardInput, type)),
            .. Cases<Fact>().Select(type => (EventKind.Fact, type)),
        ];
        var listed = EventCatalog.Entries.Select(entry => (entry.Kind, entry.Type)).ToList();
        Assert.Equal(closed.OrderBy(pair => pair.Type.Name), listed.OrderBy(pair => pair.Type.Name));
    }

    [Fact]
    public void No_two_entries_share_a_name_and_every_name_is_in_snake_case()
    {
        Assert.Distinct(EventCatalog.Entries.Select(entry => entry.Name));
        Assert.All(EventCatalog.Entries, entry => Assert.Matches("^[a-z]+(_[a-z]+)*$", entry.Name));
    }

    [Fact]
    public void The_three_unions_are_closed()
    {
        foreach (var union in new[] { typeof(Input), typeof(ShardInput), typeof(Fact) })
        {
            // The second constructor is a record's own, which copies.
            var constructors = union.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(made => made.GetParameters().Length == 0);
            Assert.All(constructors, made => Assert.True(made.IsFamilyAndAssembly, $"{union.Name} can be derived from elsewhere."));
            Assert.All(CasesOf(union), type => Assert.True(type.IsSealed, $"{type.Name} is open."));
        }
    }

    [Fact]
    public void Every_version_of_every_entry_has_a_golden_file_that_the_codec_is_held_to()
    {
        var files = Tree.Files(GoldenFiles).Select(file => Path.GetFileName(file)).ToList();
        foreach (var entry in EventCatalog.Entries)
            for (var version = 1; version <= entry.Version; version++)
                Assert.Contains($"{entry.Name}.{version}.verified.json", files);
    }

    [Fact]
    public void Every_input_is_answered_in_the_fold_of_history()
    {
        var fold = Tree.Text("src/Lifecycle.Domain/Metrics/HistoryFold.cs");
        var cases = string.Join('\n', Regex.Matches(fold, @"case ([^:]+):").Select(match => match.Groups[1].Value));
        Assert.All(Cases<Input>(), type => Assert.Matches($@"\b{type.Name}\b", cases));
    }

    [Fact]
    public void Every_shard_input_is_answered_by_the_machine()
    {
        var machine = Tree.Text("src/Lifecycle.Domain/CustomerMachine.cs");
        var cases = string.Join('\n', Regex.Matches(machine, @"case ([^:]+):").Select(match => match.Groups[1].Value));
        Assert.All(Cases<ShardInput>(), type => Assert.Matches($@"\b{type.Name}\b", cases));
    }

    private static IEnumerable<Type> Cases<TUnion>() => CasesOf(typeof(TUnion));

    private static IEnumerable<Type> CasesOf(Type union) => union.Assembly.GetTypes().Where(type => type.BaseType == union);
}
