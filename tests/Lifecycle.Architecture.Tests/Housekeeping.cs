using System.Text.RegularExpressions;

namespace Lifecycle.Architecture.Tests;

public sealed class Housekeeping
{
    // Put together here, so that this file is not what it looks for.
    private static readonly string[] Reminders = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"];
    private static readonly string[] Registries = ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "pypi" + ".org", "deb.debian" + ".org"];

    /// <summary>Folders at the root that hold what people wrote, and the files beside them.</summary>
    private static readonly string[] Expected =
    [
        ".ci", ".dockerignore", ".editorconfig", ".git", ".gitattributes", ".gitignore", "CONTRIBUTING.md", "Directory.Build.props",
        "Directory.Packages.props", "Dockerfile", "LICENSE", "Lifecycle.sln", "README.md", "SECURITY.md", "bench", "benchmarks", "compose.yaml",
        "docs", "faults", "global.json", "lifecycle", "run", "samples", "scripts", "src", "test", "tests",
    ];

    [Fact]
    public void Nothing_in_the_tree_is_a_note_to_self()
    {
        var pattern = $@"\b({string.Join('|', Reminders)})\b";
        foreach (var file in Tree.Files())
            Assert.False(Regex.IsMatch(Tree.Text(file), pattern), $"{file} has a note to self.");
    }

    [Fact]
    public void No_file_says_where_packages_come_from()
    {
        foreach (var file in Tree.Files())
            foreach (var host in Registries)
                Assert.False(Tree.Text(file).Contains(host, StringComparison.OrdinalIgnoreCase), $"{file} names {host}.");
        foreach (var file in Tree.Files(extension: "package-lock.json"))
            Assert.DoesNotContain("\"resolved\"", Tree.Text(file), StringComparison.Ordinal);
    }

    [Fact]
    public void The_root_holds_what_a_newcomer_needs_and_nothing_else()
    {
        var present = Tree.Files().Select(file => file.Split('/')[0]).Distinct();
        Assert.Empty(present.Except(Expected));
    }

    [Fact]
    public void Every_link_in_the_documents_leads_somewhere()
    {
        foreach (var document in Tree.Files(extension: ".md"))
            foreach (Match link in Regex.Matches(WithoutCode(Tree.Text(document)), @"\]\(([^)\s]+)\)"))
            {
                var target = link.Groups[1].Value;
                if (Regex.IsMatch(target, "^[a-z]+:")) continue;
                var parts = target.Split('#', 2);
                var file = parts[0] == "" ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
                var path = Path.GetFullPath(Path.Combine(Tree.Root, file));
                Assert.True(File.Exists(path) || Directory.Exists(path), $"{document} links to {target}, which is not there.");
                if (parts.Length == 2) Assert.True(Anchors(path).Contains(parts[1]), $"{document} links to {target}, which has no such heading.");
            }
    }

    [Fact]
    public void What_the_README_shows_of_the_first_definition_stands_in_it()
    {
        var definition = Tree.Lines("samples/tianxia/definition.yaml").Select(line => line.TrimEnd()).ToHashSet();
        var shown = Regex.Matches(Tree.Text("README.md"), "```yaml\n(.*?)```", RegexOptions.Singleline).SelectMany(block => block.Groups[1].Value.TrimEnd().Split('\n')).ToList();
        Assert.NotEmpty(shown);
        Assert.Empty(shown.Except(definition));
    }

    [Fact]
    public void Decisions_have_numbers_of_their_own_and_say_context_decision_and_consequences()
    {
        var records = Tree.Files("docs/adr", ".md").ToList();
        Assert.NotEmpty(records);
        Assert.Distinct(records.Select(record => record[..("docs/adr/0000".Length)]));
        foreach (var record in records)
        {
            Assert.Matches("^docs/adr/[0-9]{4}-", record);
            foreach (var heading in new[] { "## Context", "## Decision", "## Consequences" }) Assert.Contains(heading, Tree.Lines(record));
        }
    }

    [Fact]
    public void No_test_asserts_how_long_something_takes()
    {
        foreach (var file in Tree.Files("tests", ".cs").Where(file => !file.EndsWith("/Housekeeping.cs", StringComparison.Ordinal)))
            foreach (var line in Tree.Lines(file))
                Assert.False(Regex.IsMatch(line, @"Assert\..*(Elapsed|Stopwatch)"), $"{file} asserts a time: {line.Trim()}");
    }

    private static string WithoutCode(string text) => Regex.Replace(Regex.Replace(text, "```.*?```", "", RegexOptions.Singleline), "`[^`\n]*`", "");

    private static IEnumerable<string> Anchors(string path) => File.ReadAllLines(path).Where(line => line.StartsWith('#'))
        .Select(line => Regex.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), @"[^\p{L}\p{N} _-]", "").Replace(' ', '-'));
}
