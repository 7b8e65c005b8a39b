using Lifecycle.Definitions;
using Lifecycle.Domain;

namespace Lifecycle.Benchmarks;

/// <summary>The sample game's definition, journeys and settings.</summary>
internal static class SampleGame
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "samples", "tianxia");

    public static Release Compile() => Read().Result.Release ?? throw new InvalidOperationException("The sample game does not compile: " + string.Join("; ", Read().Result.Errors));

    public static ReleaseText Text() => Read().Text!;

    private static (ReleaseText? Text, ReadResult Result) Read() =>
        ReleaseReader.ReadFiles([.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
            .Select(file => new DefinitionFile(Path.GetFileName(file), File.ReadAllText(file)))], 1);
}
