namespace Lifecycle.Architecture.Tests;

public sealed class ProjectGraph
{
    private static readonly SortedDictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Lifecycle.Domain"] = [],
        ["Lifecycle.Rules"] = ["Lifecycle.Domain"],
        ["Lifecycle.Wording"] = ["Lifecycle.Domain", "Lifecycle.Rules"],
        ["Lifecycle.Definitions"] = ["Lifecycle.Domain", "Lifecycle.Rules"],
        ["Lifecycle.EventLog"] = ["Lifecycle.Domain"],
        ["Lifecycle.Ingestion"] = ["Lifecycle.Domain", "Lifecycle.EventLog"],
        ["Lifecycle.Projections"] = ["Lifecycle.Definitions", "Lifecycle.Domain", "Lifecycle.EventLog", "Lifecycle.Rules", "Lifecycle.Wording"],
        ["Lifecycle.Delivery"] = ["Lifecycle.Domain", "Lifecycle.EventLog"],
        ["Lifecycle.Api"] =
        [
            "Lifecycle.Definitions", "Lifecycle.Delivery", "Lifecycle.Domain", "Lifecycle.EventLog", "Lifecycle.Ingestion", "Lifecycle.Projections",
            "Lifecycle.Rules", "Lifecycle.Wording",
        ],
        ["Lifecycle.Cli"] =
        [
            "Lifecycle.Definitions", "Lifecycle.Delivery", "Lifecycle.Domain", "Lifecycle.EventLog", "Lifecycle.Ingestion", "Lifecycle.Projections",
            "Lifecycle.Rules", "Lifecycle.Wording",
        ],
    };

    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Lifecycle.Domain"] = ["NodaTime"],
        ["Lifecycle.Rules"] = ["NodaTime"],
        ["Lifecycle.Wording"] = ["NodaTime"],
        ["Lifecycle.Definitions"] = ["NodaTime", "YamlDotNet"],
        ["Lifecycle.EventLog"] = ["NodaTime", "Npgsql"],
        ["Lifecycle.Ingestion"] = ["NodaTime", "Npgsql", "System.IO.Hashing", "YamlDotNet"],
        ["Lifecycle.Projections"] = ["NodaTime", "Npgsql"],
        ["Lifecycle.Delivery"] = ["NodaTime", "Npgsql"],
        ["Lifecycle.Api"] = ["Bogus", "Microsoft.AspNetCore.OpenApi", "NodaTime", "Npgsql"],
        ["Lifecycle.Cli"] = ["NodaTime", "Npgsql", "Spectre.Console", "System.CommandLine", "YamlDotNet"],
    };

    [Fact]
    public void A_project_references_only_what_the_design_lets_it()
    {
        var present = Tree.References("src", "ProjectReference");
        Assert.Equal(Allowed.Keys, present.Keys);
        foreach (var (project, references) in present)
            Assert.True(references.All(Allowed[project].Contains), $"{project} references {string.Join(", ", references.Except(Allowed[project]))}.");
    }

    [Fact]
    public void A_project_uses_only_the_packages_it_needs()
    {
        foreach (var (project, packages) in Tree.References("src", "PackageReference"))
            Assert.True(packages.All(Packages[project].Contains), $"{project} uses {string.Join(", ", packages.Except(Packages[project]))}.");
    }

    [Fact]
    public void Every_project_is_in_the_solution_once()
    {
        var solution = Tree.Text("Lifecycle.sln").Replace('\\', '/');
        foreach (var project in Tree.Files("src", ".csproj").Concat(Tree.Files("tests", ".csproj")))
            Assert.Equal(2, solution.Split($"\"{project}\"").Length);
    }

    [Fact]
    public void Every_project_has_its_lock_file()
    {
        foreach (var project in Tree.Files("src", ".csproj").Concat(Tree.Files("tests", ".csproj")))
            Assert.Contains(Path.GetDirectoryName(project)!.Replace('\\', '/') + "/packages.lock.json", Tree.Files(Path.GetDirectoryName(project)!));
    }

    [Fact]
    public void No_project_names_the_version_of_a_package()
    {
        foreach (var project in Tree.Files(extension: ".csproj")) Assert.DoesNotContain(" Version=", Tree.Text(project), StringComparison.Ordinal);
    }
}
