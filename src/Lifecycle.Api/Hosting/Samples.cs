using Lifecycle.Definitions;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;

namespace Lifecycle.Api.Hosting;

/// <summary>The definitions that come with the product, as a new installation's first release.</summary>
public static class Samples
{
    public static string FolderOf(DemoKind demo) => demo switch
    {
        DemoKind.Game => "tianxia",
        DemoKind.Subscription => "magazine",
        DemoKind.None or DemoKind.Retail => "shop",
    };

    /// <summary>Publishes the sample as release 1 for each tenant that has none.</summary>
    public static async Task PublishFirstAsync(Engine engine, IEnumerable<Tenant> tenants, DemoKind demo, CancellationToken ct)
    {
        foreach (var tenant in tenants)
        {
            if ((await engine.Releases.AllAsync(tenant.Id, ct)).Count > 0) continue;
            if (await engine.Publishing.PublishAsync(tenant, Read(FolderOf(demo)), ct: ct) is PublishResult.Invalid refused)
                throw new StartRefusedException($"The sample {FolderOf(demo)} has errors: {refused.Read.Errors[0]}");
        }
    }

    /// <summary>The texts of a sample's folder. Maps for the import of files lie there as well and are no part of a release.</summary>
    public static ReleaseText Read(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "samples", name);
        if (!Directory.Exists(folder))
            throw new StartRefusedException($"The sample {name} is not where it should be, in {folder}; build the product again.");
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new DefinitionFile(Path.GetRelativePath(folder, path), File.ReadAllText(path)))
            .Where(file => file.Kind.Length > 0)
            .ToList();
        var (text, result) = ReleaseReader.ReadFiles(files, 1);
        return text ?? throw new StartRefusedException($"The sample {name} has errors: {result.Errors[0]}");
    }
}
