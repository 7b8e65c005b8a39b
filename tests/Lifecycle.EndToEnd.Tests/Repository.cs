using System.Runtime.CompilerServices;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Where things are in the repository these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    /// <summary>The folder of larger data sets, or null: <c>LIFECYCLE_DATA</c>, else the one beside the repository.</summary>
    public static string? Data { get; } = new[] { Environment.GetEnvironmentVariable("LIFECYCLE_DATA"), Path.Combine(Root, "..", "shared", "data") }
        .FirstOrDefault(folder => folder is not null && Directory.Exists(folder));

    public static string Sample(params string[] path) => Path.Combine([Root, "samples", .. path]);

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

/// <summary>A test that needs a data set which is not part of the repository; skipped, saying so, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsDataFactAttribute : Xunit.FactAttribute
{
    public NeedsDataFactAttribute(string file)
    {
        if (Repository.Data is null || !File.Exists(Path.Combine(Repository.Data, file)))
            Skip = $"The data set {file} is not here; set LIFECYCLE_DATA to the folder that holds it.";
    }
}
