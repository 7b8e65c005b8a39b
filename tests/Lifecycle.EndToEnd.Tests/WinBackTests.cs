using System.Text.Json.Nodes;
using Lifecycle.Testing;
using NodaTime;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>The game sample's main story, told by the real server to a real receiver.</summary>
public sealed class WinBackTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_player_who_stops_playing_declines_at_the_exact_instant_and_is_written_to()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server);
        await Story.PublishGameAsync(server, server.Test);

        await Server.SendAsync(server.Test, Story.Track("ann", "session_start"));
        var lastSession = await Story.ClockAsync(server.Test);
        await Story.AdvanceAsync(server.Test, "15 days");

        var moves = await Story.MovesAsync(server.Test, "ann");
        Assert.Equal([("exploration", lastSession), ("decline", lastSession + Duration.FromDays(14))], moves);
        var request = Assert.Single(await Story.FactsAsync(server.Test, "ann", "action_requested"));
        Assert.Equal(lastSession + Duration.FromDays(14), Story.Instant(request["clock"]));

        var received = Assert.Single(await ReceivedAsync(receiver, 1));
        Assert.True((bool)received["verified"]!);
        var body = JsonNode.Parse((string)received["body"]!)!;
        Assert.Equal("ann", (string)body["data"]!["customer"]!);
        Assert.Equal("miss-you", (string)body["data"]!["template"]!);
        Assert.Equal("msg_" + (string)request["properties"]!["key"]!, (string)received["id"]!);
        var outcome = Assert.Single(await Story.TimelineAsync(server.Test, "ann", "&kind=input&name=action_outcome"));
        Assert.Equal("sent", (string)outcome!["properties"]!["outcome"]!);
    }

    [Fact]
    public async Task A_return_during_the_wait_ends_the_journey_before_its_next_step()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server);
        await Story.PublishGameAsync(server, server.Test);

        await Server.SendAsync(server.Test, Story.Track("ann", "session_start"), Story.Track("bob", "session_start"));
        await Story.AdvanceAsync(server.Test, "15 days");
        await Server.SendAsync(server.Test, Story.Track("ann", "session_start"));
        await Story.AdvanceAsync(server.Test, "1 hour");
        await Server.SendAsync(server.Test, Story.Track("ann", "session_start"));
        var returned = await Story.ClockAsync(server.Test);
        var ended = Assert.Single(await Story.FactsAsync(server.Test, "ann", "journey_ended"));
        Assert.Equal("exit", (string)ended["properties"]!["because"]!);
        Assert.Equal(returned, Story.Instant(ended["clock"]));

        await Story.AdvanceAsync(server.Test, "5 days");
        Assert.Single(await Story.FactsAsync(server.Test, "ann", "action_requested"));
        Assert.Equal(2, (await Story.FactsAsync(server.Test, "bob", "action_requested")).Count);
        var templates = (await ReceivedAsync(receiver, 3)).Select(received => JsonNode.Parse((string)received["body"]!)!["data"]!)
            .Select(data => $"{data["customer"]} {data["template"]}").Order();
        Assert.Equal(["ann miss-you", "bob miss-you", "bob new-server"], templates);
    }

    [Fact]
    public async Task A_player_who_said_no_is_not_written_to_and_the_timeline_says_why()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server);
        await Story.PublishGameAsync(server, server.Test);

        await Server.SendAsync(server.Test, Story.Track("cleo", "session_start"), Story.Track("cleo", "unsubscribed", new { channel = "webhook" }));
        await Story.AdvanceAsync(server.Test, "20 days");
        var withheld = await Story.FactsAsync(server.Test, "cleo", "action_withheld");
        Assert.Equal(["consent", "consent"], withheld.Select(fact => (string)fact["properties"]!["because"]!));
        Assert.Empty(await Story.FactsAsync(server.Test, "cleo", "action_requested"));
    }

    [Fact]
    public async Task A_receiver_that_fails_twice_gets_the_same_message_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server, "500", "200");
        await Story.PublishGameAsync(server, server.Test);

        await Server.SendAsync(server.Test, Story.Track("ann", "session_start"));
        await Story.AdvanceAsync(server.Test, "15 days");
        var received = await ReceivedAsync(receiver, 2);
        Assert.All(received, one => Assert.True((bool)one["verified"]!));
        Assert.Single(received.Select(one => (string)one["id"]!).Distinct());
        Assert.Single(received.Select(one => (string)one["body"]!).Distinct());
    }

    private static async Task<Child> ReceiveAsync(Server server, params string[] statuses)
    {
        var receiver = await SdkFolder.StartAsync("receive.mjs", [Secret, .. statuses]);
        var port = (int)JsonNode.Parse(await receiver.FirstLineAsync())!["port"]!;
        await Server.PostAsync(server.Test, "/v1/endpoints", new { url = $"http://127.0.0.1:{port}/hook", secret = Secret });
        return receiver;
    }

    private static async Task<IReadOnlyList<JsonNode>> ReceivedAsync(Child receiver, int expected)
    {
        for (var waited = 0; waited < 300 && receiver.Lines.Count < expected + 1; waited++) await Server.PauseAsync();
        return [.. receiver.Lines.Skip(1).Select(line => JsonNode.Parse(line)!)];
    }
}
