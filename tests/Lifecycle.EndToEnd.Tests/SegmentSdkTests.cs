using System.Text.Json.Nodes;
using Lifecycle.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

public sealed class SegmentSdkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Five_hundred_events_through_a_bad_network_are_in_the_log_each_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        await using var proxy = await ChaosProxy.StartAsync(server.Url, seed: 7);

        using var sender = await SdkFolder.StartAsync("send.mjs", proxy.Url, server.WriteKey, "500", "sdk");
        Assert.Equal(0, await sender.EndAsync());
        var said = JsonNode.Parse(await sender.FirstLineAsync())!;
        output.WriteLine($"{said.ToJsonString()} {string.Join(", ", proxy.Happened)}");

        Assert.Equal(500, (int)said["sent"]!);
        Assert.True(proxy.Happened.GetValueOrDefault("dropped") > 0 && proxy.Happened.GetValueOrDefault("cut after commit") > 0, "No fault happened.");
        var log = new LogAudit(database.ConnectionUri);
        Assert.Equal(500, await log.CountAsync("select count(*) from event where kind = 1 and name = 'order_completed'"));
        Assert.Equal(500, await log.CountAsync("select count(distinct (customer, id)) from event where kind = 1 and name = 'order_completed'"));
        Assert.Equal(25, await log.CountAsync("select count(distinct customer) from event where kind = 1"));
        await log.AssertSoundAsync();
    }
}
