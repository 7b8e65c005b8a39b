using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Lifecycle.Api.Hosting;
using Lifecycle.Ingestion;
using Lifecycle.Testing;
using NodaTime;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

/// <summary>What senders, readers and other processes see of a server that was told to stop.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-drain-").FullName;
    private readonly string _otherFolder = Directory.CreateTempSubdirectory("lifecycle-drain-").FullName;
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_otherFolder, recursive: true);
    }

    [Fact]
    public async Task What_is_being_stored_is_answered_who_comes_later_is_asked_to_come_again_and_the_leases_are_free()
    {
        var server = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder));
        using var client = ClientOf(server);
        await SendAsync(client, Track("ann", "session_start"));

        var stopping = await StoppingWhileSomethingIsStoredAsync(server, client);
        using var later = await client.PostAsync("/v1/batch", Json(new JsonObject { ["batch"] = new JsonArray(Track("bob", "session_start")) }));
        using var ready = await client.GetAsync("/readyz");
        Assert.Equal(((HttpStatusCode)503, "stopping"), (later.StatusCode, await CodeOfAsync(later)));
        Assert.Equal(TimeSpan.FromSeconds(2), later.Headers.RetryAfter!.Delta);
        Assert.Equal(((HttpStatusCode)503, "stopping"), (ready.StatusCode, await CodeOfAsync(ready)));

        await stopping();
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from shard_lease where owner is not null"));
        Assert.Equal(0, await _database.ScalarAsync<long>("select count(*) from process"));
        Assert.Equal(2, await _database.ScalarAsync<long>("select count(*) from event where kind = 1"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/livez"));
    }

    [Fact]
    public async Task Who_waits_to_be_judged_is_not_waited_for()
    {
        var server = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder));
        using var client = ClientOf(server);
        await server.Engine.Processing.PauseAsync();
        var seen = await SendAsync(client, Track("ann", "session_start"));
        var waiting = GetAsync(client, $"/v1/progress?after={Uri.EscapeDataString(seen)}&wait=60");
        // Nobody would wait a day for this one: it comes to its end because the server does.
        var patient = server.Engine.Progress.WaitAsync(SeenToken.Read((await server.Engine.Keys.VerifyAsync(server.Address.WriteKey))!.Tenant, seen)!.Positions, Duration.FromDays(1));
        await server.DisposeAsync();
        Assert.False((bool)(await waiting)["judged"]!);
        Assert.False(await patient.WaitAsync(Patience.Max));
    }

    [Fact]
    public async Task Another_server_goes_on_and_tells_apart_what_each_one_does()
    {
        var server = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder));
        var taker = OptionsOn(_database.ConnectionUri, _otherFolder) with { Roles = Roles.Ingest | Roles.Deliver };
        await using (var other = await LifecycleServer.StartAsync(taker))
        {
            using var client = ClientOf(other);
            var seen = await SendAsync(client, Track("ann", "session_start"));
            Assert.True((bool)(await GetAsync(client, $"/v1/progress?after={Uri.EscapeDataString(seen)}&wait=60"))["judged"]!);
            Assert.Empty(other.Engine.Processing.HeldShards);
        }
        await using var next = await LifecycleServer.StartAsync(taker with { Roles = Roles.All });
        await server.DisposeAsync();
        using var reader = ClientOf(next);
        var after = await SendAsync(reader, Track("bob", "session_start"));
        Assert.True((bool)(await GetAsync(reader, $"/v1/progress?after={Uri.EscapeDataString(after)}&wait=60"))["judged"]!);
        await Patience.UntilAsync(() => next.Engine.Processing.HeldShards.Count == 16,
            () => $"The next server holds {next.Engine.Processing.HeldShards.Count} of 16 shards.");
    }

    /// <summary>Holds the heads of all shards, sends something, tells the server to stop, and answers how to let all that come to its end.</summary>
    private async Task<Func<Task>> StoppingWhileSomethingIsStoredAsync(LifecycleServer server, HttpClient client)
    {
        var connection = await _database.ConnectAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = "select from shard_head for update";
            await hold.ExecuteNonQueryAsync();
        }
        var stored = PostAsync(client, "/v1/batch", new JsonObject { ["batch"] = new JsonArray(Track("ann", "order_completed", revenue: 5)) });
        while (await _database.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") == 0)
            Assert.False(stored.IsCompleted);
        var stopping = server.DisposeAsync().AsTask();
        return async () =>
        {
            Assert.False(stored.IsCompleted);
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
            Assert.Equal(1, (int)(await stored)["appended"]!);
            await stopping;
        };
    }

    private static async Task<string> CodeOfAsync(HttpResponseMessage answer) => (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!;

    private static HttpClient ClientOf(LifecycleServer server)
    {
        var client = new HttpClient { BaseAddress = new Uri(server.Address.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Address.AdminKey);
        return client;
    }
}
