using Lifecycle.Api.Hosting;
using Lifecycle.Testing;
using Microsoft.Extensions.Logging;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class HostingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-host-").FullName;
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_same_keys_go_on_after_a_restart_and_the_file_is_its_owners_alone()
    {
        ServerFile first;
        await using (var server = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder)))
        {
            first = server.Address;
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ServerFile.PathIn(_folder)));
        }
        Assert.False(File.Exists(ServerFile.PathIn(_folder)));
        await using var again = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder));
        Assert.Equal(first with { Url = again.Address.Url, Console = again.Address.Console }, again.Address);
    }

    [Fact]
    public async Task A_process_that_takes_no_events_in_says_come_again_so_that_none_is_lost()
    {
        await using var server = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder) with { Roles = Roles.Process | Roles.Deliver });
        using var client = new HttpClient { BaseAddress = new Uri(server.Address.Url) };
        foreach (var route in (string[])["/v1/batch", "/v1/track", "/v1/t", "/v1/history/close"])
        {
            using var answer = await client.PostAsync(route, Json(Track("ann", "session_start")));
            Assert.Equal((route, 503), (route, (int)answer.StatusCode));
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task A_database_that_refuses_what_a_start_needs_is_quoted()
    {
        await using var others = await TestDatabase.CreateEmptyAsync();
        await others.ExecuteAsync("create table event (a int)");
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => LifecycleServer.StartAsync(OptionsOn(others.ConnectionUri, _folder)));
        Assert.StartsWith("The database refuses what is asked of it: relation \"event\" already exists (42P07).", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_folder_is_refused_in_a_sentence()
    {
        await using var server = await LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder));
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => LifecycleServer.StartAsync(OptionsOn(_database.ConnectionUri, _folder)));
        Assert.Equal($"Another server is running on the data folder {_folder}; stop it first or choose another folder with --data.", refused.Message);
        Assert.True(File.Exists(ServerFile.PathIn(_folder)));
    }

    [Theory]
    [InlineData("There is no demo 'cinema'; choose --demo game, subscription, retail or none.", "--demo", "cinema")]
    [InlineData("--port is '99999'; a whole number from 0 to 65535 was expected.", "--port=99999")]
    [InlineData("There is no option --speed; the options are --port, --data and --demo.", "--speed", "9")]
    [InlineData("--data needs a value.", "--data")]
    public void What_cannot_be_started_is_said_in_a_sentence(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, Assert.Throws<StartRefusedException>(() => ServerOptions.Read(arguments, _ => null)).Message);

    [Fact]
    public void The_environment_says_the_rest()
    {
        var environment = new Dictionary<string, string?> { ["LIFECYCLE_ROLES"] = "ingest,deliver", ["LIFECYCLE_DATABASE"] = "postgresql://db/x" };
        var options = ServerOptions.Read(["--demo", "game"], environment.GetValueOrDefault);
        Assert.Equal((Roles.Ingest | Roles.Deliver, "postgresql://db/x", 5080, DemoKind.Game), (options.Roles, options.Database, options.Port, options.Demo));
    }

    [Theory]
    [InlineData(null, 1_000_000_000L)]
    [InlineData("500MB", 500_000_000L)]
    [InlineData("2 GB", null)]
    [InlineData("2gb", 2_000_000_000L)]
    [InlineData("0", 0L)]
    [InlineData("123456", 123456L)]
    [InlineData("GB", null)]
    [InlineData("99999999999GB", null)]
    public void A_floor_is_a_size(string? text, long? bytes)
    {
        var environment = new Dictionary<string, string?> { ["LIFECYCLE_FREE_SPACE_FLOOR"] = text };
        if (bytes is { } expected) Assert.Equal(expected, ServerOptions.Read([], environment.GetValueOrDefault).FreeSpaceFloor);
        else Assert.Throws<StartRefusedException>(() => ServerOptions.Read([], environment.GetValueOrDefault));
    }

    [Theory]
    [InlineData("", LogLevel.Warning)]
    [InlineData("Information", LogLevel.Information)]
    [InlineData("none", LogLevel.None)]
    [InlineData("loud", null)]
    [InlineData("3", null)]
    public void The_log_level_is_a_word(string text, LogLevel? level)
    {
        var environment = new Dictionary<string, string> { ["LIFECYCLE_LOG_LEVEL"] = text };
        if (level is { } expected) Assert.Equal(expected, ServerOptions.Read([], environment.GetValueOrDefault).LogLevel);
        else Assert.Throws<StartRefusedException>(() => ServerOptions.Read([], environment.GetValueOrDefault));
    }

    [Fact]
    public async Task A_private_database_on_a_disk_without_room_takes_nothing_in_and_is_read_all_the_same()
    {
        // Not a folder for us alone: as root, PostgreSQL runs as another user, who has to get in.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "lifecycle-own-" + Guid.NewGuid().ToString("n"))).FullName;
        await AssertTakesNothingAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_demo_game_brings_players_of_every_stage_and_comes_once()
    {
        var options = OptionsOn(_database.ConnectionUri, _folder) with { Demo = DemoKind.Game };
        await using (await LifecycleServer.StartAsync(options))
        {
        }
        var imported = await _database.ScalarAsync<long>("select count(*) from event where imported");
        await using var server = await LifecycleServer.StartAsync(options);
        Assert.Equal(imported, await _database.ScalarAsync<long>("select count(*) from event where imported"));
        Assert.True(imported > 10_000);
        // Who is in which stage moves with the hour of the start; there is always somebody in nearly all of them.
        Assert.InRange(await _database.ScalarAsync<long>("select count(distinct (track, stage)) from span where left_at is null"), 8L, 11L);
        // Her silence turns to lapsed half a minute after the first start.
        Assert.Contains(await _database.ScalarAsync<string>(
            "select stage from span s join customer c using (shard, tenant, customer) where c.id = 'ann' and track = 'lifecycle' and left_at is null"), (string[])["at_risk", "lapsed"]);
    }

    private static async Task AssertTakesNothingAsync(string folder)
    {
        await using var server = await LifecycleServer.StartAsync(OptionsOn("", folder) with { Database = null, FreeSpaceFloor = long.MaxValue });
        using var client = new HttpClient { BaseAddress = new Uri(server.Address.Url) };
        client.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", server.Address.AdminKey);
        using var answer = await client.PostAsync("/v1/track", Json(Track("ann", "session_start")));
        Assert.Equal((507, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("make room on it, or lower LIFECYCLE_FREE_SPACE_FLOOR", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter!.Delta);
        Assert.Empty((await GetAsync(client, "/v1/quarantine"))["items"]!.AsArray());
    }
}
