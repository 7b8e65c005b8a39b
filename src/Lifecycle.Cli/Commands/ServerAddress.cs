using System.CommandLine;
using System.Text.Json.Nodes;

namespace Lifecycle.Cli.Commands;

/// <summary>Where the server is and what opens it: from the options, else from server.json in the data folder.</summary>
internal sealed class ServerAddress
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "The server's data folder.",
        // ./lifecycle may be called from anywhere, and means the folder of its own repository.
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LIFECYCLE_FOLDER") is { Length: > 0 } folder ? folder : ".lifecycle",
    };
    private readonly Option<string?> _url = new("--url") { Description = "The server's address; by default the one in server.json." };
    private readonly Option<string?> _key = new("--key") { Description = "The key; by default the one in server.json." };

    /// <summary>For a command that reads the database and asks no server.</summary>
    public void AddDataTo(Command command) => command.Add(_data);

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_url);
        command.Add(_key);
    }

    /// <param name="keyName">The member of server.json with the key that the command needs.</param>
    /// <exception cref="UsageException">The address is none.</exception>
    /// <exception cref="CommandFailedException">Nothing says where the server is.</exception>
    public (Uri Url, string Key) Read(ParseResult parsed, string keyName)
    {
        var (url, key, folder) = (parsed.GetValue(_url), parsed.GetValue(_key), parsed.GetValue(_data)!);
        var file = url is null || key is null ? ServerFile(folder) : null;
        url ??= (string?)file?["url"] ?? throw NotFound(folder);
        key ??= (string?)file?[keyName] ?? throw NotFound(folder);
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? (address!, key)
            : throw new UsageException($"'{url}' is no address of a server; write it as http://127.0.0.1:5080.");
    }

    /// <summary>The database: LIFECYCLE_DATABASE, else what server.json says. The archive: LIFECYCLE_ARCHIVE, else in the data folder.</summary>
    /// <exception cref="CommandFailedException">Nothing says where the database is.</exception>
    public LogPlace ReadLog(ParseResult parsed)
    {
        var named = Environment.GetEnvironmentVariable("LIFECYCLE_DATABASE");
        var folder = parsed.GetValue(_data)!;
        var database = !string.IsNullOrWhiteSpace(named) ? named : (string?)ServerFile(folder)?["database"] ?? throw new CommandFailedException(
            $"No server is running on the data folder {folder}; start one with ./run, name its folder with --data, or the database with "
            + "LIFECYCLE_DATABASE.");
        var archive = Environment.GetEnvironmentVariable("LIFECYCLE_ARCHIVE");
        return new LogPlace(database, !string.IsNullOrWhiteSpace(archive) ? archive : Path.Combine(folder, "archive"));
    }

    private static JsonNode? ServerFile(string folder)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "server.json")));
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static CommandFailedException NotFound(string folder) =>
        new($"No server is running on the data folder {folder}; start one with ./run, or say where it is with --data, or with --url and --key.");
}
