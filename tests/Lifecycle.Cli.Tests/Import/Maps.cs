using Lifecycle.Cli.Import;

namespace Lifecycle.Cli.Tests.Import;

internal static class Maps
{
    public static ImportMap Of(string yaml)
    {
        var (map, errors) = ImportMapReader.Read(yaml, "map.yaml");
        Assert.True(map is not null, string.Join('\n', errors));
        return map;
    }

    /// <summary>A map of the samples.</summary>
    public static ImportMap Sample(string name) => Of(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", name + ".map.yaml")));
}
