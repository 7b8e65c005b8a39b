using Lifecycle.Testing;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>The folder with the real SDKs, installed once.</summary>
internal static class SdkFolder
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    public static Task<string> PathAsync() => Installed.Value;

    public static async Task<Child> StartAsync(string script, params string[] arguments) =>
        Child.Start("node", [script, .. arguments], folder: await PathAsync());

    private static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(Repository.Root, "tests", "sdk");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "standardwebhooks"))) return folder;
        using var install = Child.Start("npm", ["ci", "--no-audit", "--no-fund"], folder: folder);
        if (await install.EndAsync() != 0) throw new InvalidOperationException($"npm ci failed in tests/sdk.\n{install.Output}");
        return folder;
    }
}
