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
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server);
        await Story.PublishGameAsync(server, server.Test);

        await CommandServer.SendAsync(server.Test, Story.Track("ann", "session_start"));
        var lastSession = await Story.ClockAsync(server.Test);
        await Story.AdvanceAsync(server.Test, "15 days");

        var moves = await Story.MovesAsync(server.Test, "ann");
        Assert.Equal([("exploration", lastSession), ("at_risk", lastSession + Duration.FromDays(3)), ("lapsed", lastSession + Duration.FromDays(14))], moves);
        var requests = await Story.FactsAsync(server.Test, "ann", "action_requested");
        Assert.Equal([3, 7, 14], requests.Select(request => (Story.Instant(request["clock"]) - lastSession).TotalDays));

        var received = (await ReceivedAsync(receiver, 3)).ToDictionary(message => (string)message["id"]!);
        Assert.Equal(3, received.Count);
        foreach (var (request, template) in requests.Zip((string[])["newcomer-hint", "miss-you", "new-server"]))
        {
            var message = received["msg_" + (string)request["properties"]!["key"]!];
            Assert.True((bool)message["verified"]!);
            var body = JsonNode.Parse((string)message["body"]!)!;
            Assert.Equal(("ann", template), ((string)body["data"]!["customer"]!, (string)body["data"]!["template"]!));
        }
        var outcomes = await Story.TimelineAsync(server.Test, "ann", "&kind=input&name=action_outcome");
        Assert.Equal(["sent", "sent", "sent"], outcomes.Select(outcome => (string)outcome!["properties"]!["outcome"]!));
    }

    [Fact]
    public async Task A_return_during_the_wait_ends_the_journey_before_its_next_step()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server);
        await Story.PublishGameAsync(server, server.Test);

        await CommandServer.SendAsync(server.Test, Story.Track("ann", "session_start"), Story.Track("bob", "session_start"));
        await Story.AdvanceAsync(server.Test, "15 days");
        await CommandServer.SendAsync(server.Test, Story.Track("ann", "session_start"));
        var returned = await Story.ClockAsync(server.Test);
        var ended = Assert.Single(await Story.FactsAsync(server.Test, "ann", "journey_ended"), fact => (string)fact["properties"]!["journey"]! == "win-back");
        Assert.Equal("exit", (string)ended["properties"]!["because"]!);
        Assert.Equal(returned, Story.Instant(ended["clock"]));

        // On day 30 only Bob, who stayed away, is written to again; Ann is welcomed.
        await Story.AdvanceAsync(server.Test, "16 days");
        var templates = (await ReceivedAsync(receiver, 9)).Select(received => JsonNode.Parse((string)received["body"]!)!["data"]!)
            .Select(data => $"{data["customer"]} {data["template"]}").Order(StringComparer.Ordinal);
        Assert.Equal(["ann miss-you", "ann new-server", "ann newcomer-hint", "ann old-friends", "ann welcome-back",
            "bob comeback-pack", "bob miss-you", "bob new-server", "bob newcomer-hint"], templates);
    }

    [Fact]
    public async Task A_player_who_said_no_is_not_written_to_and_the_timeline_says_why()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server);
        await Story.PublishGameAsync(server, server.Test);

        await CommandServer.SendAsync(server.Test, Story.Track("cleo", "session_start"), Story.Track("cleo", "unsubscribed", new { channel = "webhook" }));
        await Story.AdvanceAsync(server.Test, "20 days");
        var withheld = await Story.FactsAsync(server.Test, "cleo", "action_withheld");
        Assert.Equal(["consent", "consent", "consent"], withheld.Select(fact => (string)fact["properties"]!["because"]!));
        Assert.Empty(await Story.FactsAsync(server.Test, "cleo", "action_requested"));
    }

    [Fact]
    public async Task A_receiver_that_fails_twice_gets_the_same_message_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        using var receiver = await ReceiveAsync(server, "500", "200");
        await Story.PublishGameAsync(server, server.Test);

        await CommandServer.SendAsync(server.Test, Story.Track("ann", "session_start"));
        await Story.AdvanceAsync(server.Test, "4 days");
        var received = await ReceivedAsync(receiver, 2);
        Assert.All(received, one => Assert.True((bool)one["verified"]!));
        Assert.Single(received.Select(one => (string)one["id"]!).Distinct());
        Assert.Single(received.Select(one => (string)one["body"]!).Distinct());
    }

    private static async Task<Child> ReceiveAsync(CommandServer server, params string[] statuses)
    {
        var receiver = await SdkFolder.StartAsync("receive.mjs", [Secret, .. statuses]);
        var port = (int)JsonNode.Parse(await receiver.FirstLineAsync())!["port"]!;
        await CommandServer.PostAsync(server.Test, "/v1/endpoints", new { url = $"http://127.0.0.1:{port}/hook", secret = Secret });
        return receiver;
    }

    private static async Task<IReadOnlyList<JsonNode>> ReceivedAsync(Child receiver, int expected)
    {
        for (var waited = 0; waited < 300 && receiver.Lines.Count < expected + 1; waited++) await CommandServer.PauseAsync();
        return [.. receiver.Lines.Skip(1).Select(line => JsonNode.Parse(line)!)];
    }
}
