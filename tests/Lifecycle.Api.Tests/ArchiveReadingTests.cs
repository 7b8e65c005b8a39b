using System.Net;
using System.Text.Json.Nodes;
using Lifecycle.EventLog.Archive;
using Lifecycle.EventLog.Log;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class ArchiveReadingTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Where_a_file_of_the_archive_is_missing_the_answer_says_so_until_it_is_back()
    {
        var seen = await SendAsync(server.Live, Track("kim", "session_start"), Track("kim", "Order Completed", revenue: 30.50m));
        var before = (await GetAsync(server.Live, $"/v1/customers/kim/timeline?after={seen}")).ToJsonString();
        var folder = Path.Combine(server.DataFolder, "archive");
        await ArchiveThePresentMonthAsync(folder);
        Assert.Equal(before, (await GetAsync(server.Live, "/v1/customers/kim/timeline")).ToJsonString());

        Directory.Move(folder, folder + ".away");
        using var refused = await server.Live.GetAsync("/v1/customers/kim/timeline");
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "archive_unavailable"), (refused.StatusCode, (string)problem["code"]!));
        // Who waits in a queue is let pass or not by the state alone.
        await GetAsync(server.Live, "/v1/customers/kim/benefits/skip_queue");

        Directory.Move(folder + ".away", folder);
        Assert.Equal(before, (await GetAsync(server.Live, "/v1/customers/kim/timeline")).ToJsonString());
    }

    private async Task ArchiveThePresentMonthAsync(string folder)
    {
        await server.Database.ExecuteAsync("update shard_head set recorded_at = date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '1 month 1 hour'");
        await using var database = await server.Database.OpenLogAsync();
        var archiving = new MonthArchiver(new TouchpointLog(database), folder);
        await archiving.ArchiveAsync((await archiving.ListAsync())[0].Month);
    }
}
