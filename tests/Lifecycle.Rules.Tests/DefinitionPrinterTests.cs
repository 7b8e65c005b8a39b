using Lifecycle.Definitions;
using Lifecycle.Definitions.Yaml;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Tests;

/// <summary>Law 7: print and parse of definitions is the identity.</summary>
public sealed class DefinitionPrinterTests
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_CASES")
        ?? "10000", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_definition_printed_and_read_is_the_same_definition() => ForAll((seed, sloppy) =>
        Check(seed, new RandomDefinition(seed, false).Definition(), new RandomDefinition(seed, sloppy).Definition(), DefinitionPrinter.Print,
            DefinitionReader.Read));

    [Fact]
    public void A_journey_printed_and_read_is_the_same_journey() => ForAll((seed, sloppy) =>
        Check(seed, new RandomDefinition(seed, false).Journey(), new RandomDefinition(seed, sloppy).Journey(), DefinitionPrinter.Print,
            JourneyReader.Read));

    [Fact]
    public void Settings_printed_and_read_are_the_same_settings() => ForAll((seed, sloppy) =>
        Check(seed, new RandomDefinition(seed, false).Settings(), new RandomDefinition(seed, sloppy).Settings(), DefinitionPrinter.Print,
            SettingsReader.Read));

    public static TheoryData<string> Samples() => [.. Written.SampleFiles()];

    /// <summary>The samples keep their meaning, and what is canonical stays as it is.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_keeps_its_meaning(string path)
    {
        var file = new DefinitionFile(path, Written.Sample(path));
        var formatted = Formatter.Format(file);
        Assert.Empty(formatted.Errors);
        var again = Formatter.Format(file with { Text = formatted.Text! });
        Assert.Equal((formatted.Text, true), (again.Text, again.IsCanonical));
        if (file.Kind != "definition") return;
        var (before, after) = (Written.Compile(file.Text), Written.Compile(formatted.Text!));
        Assert.Equal(Shape(before), Shape(after));
    }

    [Fact]
    public void The_example_is_printed_as_people_would_write_it() =>
        Lifecycle.Testing.Approved.Matches(Formatter.Format(new DefinitionFile("example", Example.Definition)).Text!, "example-formatted", "yaml");

    [Fact]
    public void Comments_and_empty_lines_make_no_difference_to_whether_a_file_is_canonical()
    {
        const string canonical = "definition: test\ntitle: { en: \"a #1\" }\n\nmetrics:\n  m: count(session_start in 7 days)\n";
        Assert.True(Formatter.Format(new DefinitionFile("x", canonical)).IsCanonical);
        Assert.True(Formatter.Format(new DefinitionFile("x", "# first\n\n"
            + canonical.Replace("days)", "days)  # a week", StringComparison.Ordinal))).IsCanonical);
        Assert.False(Formatter.Format(new DefinitionFile("x", canonical.Replace("7 days", "7 day", StringComparison.Ordinal))).IsCanonical);
        Assert.False(Formatter.Format(new DefinitionFile("x", "title: x\ndefinition: y\n")).IsCanonical);
    }

    [Fact]
    public void What_cannot_be_read_is_not_printed()
    {
        Assert.Equal("test.yaml:2:1", Place(new DefinitionFile("test.yaml", "definition: x\nmetric: 1\n")));
        Assert.Equal("test.yaml:1:1", Place(new DefinitionFile("test.yaml", "hello: x\n")));

        static string Place(DefinitionFile file) =>
            Assert.Single(Formatter.Format(file) is { Text: null, Errors: var errors } ? errors : []) is var error
            ? $"{error.File}:{error.Line}:{error.Column}" : "";
    }

    private static void Check<T>(int seed, T tree, T written, Func<T, string> print, Func<YamlMap, Diagnostics, T?> read) where T : class
    {
        var printed = print(written);
        var diagnostics = new Diagnostics();
        var map = YamlReader.Read(new SourceFile("printed", printed), diagnostics) as YamlMap;
        var back = map is null ? null : read(map, diagnostics);
        Assert.True(diagnostics.Count == 0, $"Seed {seed}: {string.Join('\n', diagnostics.InOrder())}\n{printed}");
        if (tree.Equals(back)) return;
        var (expected, found) = (print(tree).Split('\n'), print(back!).Split('\n'));
        var at = Enumerable.Range(0, found.Length).FirstOrDefault(line => line >= expected.Length || expected[line] != found[line]);
        Assert.Fail($"Seed {seed} is read as something else: {found[at]}\n{printed}");
    }

    private static void ForAll(Action<int, bool> law) => Parallel.For(0, Cases, seed => law(seed, seed % 2 == 1));

    private static string Shape(Lifecycle.Domain.Release release) => string.Join('\n',
        release.Metrics.Select(metric => $"{metric.Name} {metric.Term.Text}")
            .Concat(release.Tracks.SelectMany(track => track.Stages.Select(stage =>
                $"{track.Name} {stage.Name} {stage.Group} {stage.When?.Text} {stage.Keep?.Text} {stage.Confirm} {stage.MinimumStay} {stage.Grace} {string.Join(' ', stage.Benefits)}")))
            .Concat(release.Aggregates.Select(aggregate => aggregate.Key)));
}
