using System.Text.Json.Nodes;
using Lifecycle.Testing;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>What a demonstration foretells of its star comes true before the eyes of whoever started it.</summary>
public sealed class DemoTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("game", "lapsed", "new-server")]
    [InlineData("subscription", "lapsed", "why-did-you-leave")]
    [InlineData("retail", "at_risk", "reminder")]
    public async Task The_star_moves_and_is_written_to(string demo, string stage, string template)
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path, demo);
        var message = await ReceivedByAnnAsync(server);
        Assert.True((bool)message["verified"]!);
        Assert.Equal(template, (string)message["payload"]!["data"]!["template"]!);
        var stays = await CommandServer.GetAsync(server.Client, "/v1/customers/ann");
        Assert.Equal(stage, (string)stays["tracks"]!["lifecycle"]!["stage"]!);
    }

    private static async Task<JsonNode> ReceivedByAnnAsync(CommandServer server)
    {
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await CommandServer.PauseAsync())
        {
            var received = (await CommandServer.GetAsync(server.Client, "/demo/received"))["items"]!.AsArray();
            if (received.FirstOrDefault(message => (string?)message!["payload"]?["data"]?["customer"] == "ann") is { } found) return found;
        }
        throw new TimeoutException($"Nobody wrote to the star.\n{server.Output}");
    }
}
