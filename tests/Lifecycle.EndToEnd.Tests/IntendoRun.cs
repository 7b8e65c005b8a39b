using System.Text.Json.Nodes;
using Lifecycle.Testing;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>A real server ruled by the sample game, into which a year of the intendo data is imported by one command.</summary>
public sealed class IntendoRun : IAsyncLifetime
{
    internal const string Sessions = "intendo/sj_all_sessions_small.csv.gz";
    private const string Players = "intendo/sj_user_summary_small.csv", Revenue = "intendo/sj_all_revenue_small.csv.gz";

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-").FullName;
    private TestDatabase? _database;
    private CommandServer? _server;

    internal LogAudit Log { get; private set; } = null!;

    internal HttpClient Client => _server!.Client;

    /// <summary>What the command ended with and answered.</summary>
    internal (int Exit, JsonNode Answer) Import { get; private set; }

    public async Task InitializeAsync()
    {
        if (Repository.Data is not { } data || !File.Exists(Path.Combine(data, Sessions))) return; // The tests are skipped and say so.
        _database = await TestDatabase.CreateAsync();
        Log = new LogAudit(_database.ConnectionUri);
        _server = await CommandServer.StartAsync(_database.ConnectionUri, _folder);
        var sample = Lifecycle.Api.Hosting.Samples.Read("tianxia");
        var draft = new { definition = sample.Definition, journeys = sample.Journeys, settings = sample.Settings };
        await CommandServer.PutAsync(Client, "/v1/release/draft", draft);
        await CommandServer.PostAsync(Client, "/v1/release/draft/publish", new { });
        Import = await _server.CommandAsync("import",
            Path.Combine(data, Players), "--map", Repository.Sample("tianxia", "maps", "intendo-players.map.yaml"),
            Path.Combine(data, Sessions), "--map", Repository.Sample("tianxia", "maps", "intendo-sessions.map.yaml"),
            Path.Combine(data, Revenue), "--map", Repository.Sample("tianxia", "maps", "intendo-revenue.map.yaml"));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
