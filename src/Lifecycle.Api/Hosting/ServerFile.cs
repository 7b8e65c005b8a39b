using System.Text.Json.Serialization;

namespace Lifecycle.Api.Hosting;

/// <summary>The keys of one tenant, as text.</summary>
public sealed record TenantKeys(
    [property: JsonPropertyName("write_key")] string WriteKey,
    [property: JsonPropertyName("admin_key")] string AdminKey);

/// <summary>What <c>server.json</c> says to programs on this machine: where the server is and what opens it. It is there while the server
/// is.</summary>
/// <param name="Console">The address of the page for people.</param>
/// <param name="Database">A <c>postgresql://</c> address.</param>
/// <param name="Test">The keys of the test tenant.</param>
public sealed record ServerFile(
    [property: JsonPropertyName("url")] string Url,
    [property: JsonPropertyName("console")] string Console,
    [property: JsonPropertyName("database")] string Database,
    [property: JsonPropertyName("write_key")] string WriteKey,
    [property: JsonPropertyName("admin_key")] string AdminKey,
    [property: JsonPropertyName("test")] TenantKeys Test)
{
    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, "server.json");

    public static void Remove(string dataFolder) => File.Delete(PathIn(dataFolder));

    public void Write(string dataFolder) => PrivateFile.Write(PathIn(dataFolder), this);
}

/// <summary>The keys of an installation, kept from one start to the next. The database has only their hashes.</summary>
internal sealed record KeyFile(
    [property: JsonPropertyName("live")] TenantKeys Live,
    [property: JsonPropertyName("test")] TenantKeys Test)
{
    /// <summary>The keys of the last start; from <c>server.json</c> where only that is left.</summary>
    public static KeyFile? Read(string dataFolder) => PrivateFile.Read<KeyFile>(PathIn(dataFolder)) is { Live: not null, Test: not null } kept
        ? kept
        : PrivateFile.Read<ServerFile>(ServerFile.PathIn(dataFolder)) is { Test: not null } last
            ? new KeyFile(new TenantKeys(last.WriteKey, last.AdminKey), last.Test)
            : null;

    public void Write(string dataFolder) => PrivateFile.Write(PathIn(dataFolder), this);

    private static string PathIn(string dataFolder) => Path.Combine(dataFolder, "keys.json");
}
