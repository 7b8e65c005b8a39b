using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

/// <summary>What senders and askers may not be able to break: the deepest that intake lets in, texts that PostgreSQL has not, and cursors of other lists.</summary>
public sealed class HostileTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>With the message and one member around it, as deep as an event may be.</summary>
    private static readonly string Deepest = new string('[', 63) + new string(']', 63);

    [Theory]
    [InlineData("track", "\"event\":\"Order Completed\"")]
    [InlineData("identify", "\"traits\":{\"country\":\"CN\"}")]
    [InlineData("alias", "\"previousId\":\"before\"")]
    [InlineData("group", "\"groupId\":\"guild\"")]
    [InlineData("page", "\"name\":\"home\"")]
    [InlineData("wave", "\"properties\":{}")]
    public async Task An_event_as_deep_as_may_be_is_judged_and_shown_and_so_is_what_follows(string type, string members)
    {
        var customer = $"deep-{type}";
        var seen = await SendRawAsync($$"""{"type":"{{type}}","userId":"{{customer}}",{{members}},"foo":{{Deepest}}}""");
        await GetAsync(server.Live, $"/v1/customers/{customer}?after={seen}");
        seen = await SendAsync(server.Live, Track(customer, "Order Completed", revenue: 500));
        var page = await GetAsync(server.Live, $"/v1/customers/{customer}?after={seen}");
        Assert.Equal("500", page["metrics"]!["revenue"]!.ToJsonString());
        Assert.NotEmpty((await GetAsync(server.Live, $"/v1/customers/{customer}/timeline"))["items"]!.AsArray());
        var at = (string)page["clock"]!;
        Assert.Equal("500", (await GetAsync(server.Live, $"/v1/customers/{customer}?at={at}"))["metrics"]!["revenue"]!.ToJsonString());
    }

    [Fact]
    public async Task The_deepest_properties_and_what_was_refused_can_be_read()
    {
        var seen = await SendRawAsync($$$"""{"type":"track","event":"E","userId":"deep-properties","properties":{"a":{{{Deepest[1..^1]}}}}}""");
        var timeline = await GetAsync(server.Live, $"/v1/customers/deep-properties/timeline?kind=input&after={seen}");
        Assert.Equal(Deepest[1..^1], timeline["items"]![0]!["properties"]!["a"]!.ToJsonString());
        await SendRawAsync($$"""{"type":"track","event":"nobody's","foo":{{Deepest}}}""", rejected: "customer_missing");
        Assert.Contains((await GetAsync(server.Live, "/v1/quarantine?limit=1000"))["items"]!.AsArray(), refused => (string?)refused!["content"]!["event"] == "nobody's");
    }

    [Fact]
    public async Task A_batchs_context_counts_for_the_depth_of_every_message()
    {
        var message = """{"type":"identify","userId":"deep-context"}""";
        static string Context(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        await SendRawAsync(message, rejected: "event_too_deep", context: Context(64));
        var seen = await SendRawAsync(message, context: Context(63).Insert(1, "\"traits\":{\"country\":\"CN\"},"));
        Assert.Equal("CN", (string)(await GetAsync(server.Live, $"/v1/customers/deep-context?after={seen}"))["attributes"]!["country"]!);
    }

    [Theory]
    [InlineData("/v1/quarantine", 1)]
    [InlineData("/v1/quarantine", 3)]
    public async Task A_list_comes_in_pages_that_together_are_the_whole(string list, int limit)
    {
        var refused = string.Join(',', Enumerable.Range(0, 7).Select(_ => """{"type":"track","event":"nobody's"}"""));
        await SendRawAsync(refused, rejected: "customer_missing");
        var whole = (await GetAsync(server.Live, $"{list}?limit=1000"))["items"]!.AsArray().Select(item => (string)item!["id"]!).ToList();
        var paged = new List<string>();
        string? next = null;
        do
        {
            var page = await GetAsync(server.Live, $"{list}?limit={limit}" + (next is null ? "" : $"&cursor={next}"));
            paged.AddRange(page["items"]!.AsArray().Select(item => (string)item!["id"]!));
            next = (string?)page["next"];
        }
        while (next is not null);
        Assert.Equal(whole, paged);
        Assert.True(whole.Count >= 7);
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var seen = await SendAsync(server.Live, Track("cursor-1", "session_start"), Track("cursor-1", "session_start"), Track("cursor-2", "session_start"));
        var timeline = (string)(await GetAsync(server.Live, $"/v1/customers/cursor-1/timeline?limit=1&after={seen}"))["next"]!;
        var members = (string)(await GetAsync(server.Live, "/v1/customers?limit=1"))["next"]!;
        foreach (var (list, cursor) in ((string, string)[])
            [("/v1/customers", timeline), ("/v1/customers/cursor-1/timeline", members), ("/v1/quarantine", "e30"), ("/v1/deliveries", "e30"), ("/v1/quarantine", members)])
        {
            using var answer = await server.Live.GetAsync($"{list}?cursor={cursor}");
            Assert.Equal((list, HttpStatusCode.BadRequest), (list, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Texts_with_u0000_are_refused_and_harm_nobody()
    {
        await SendAsync(server.Live, Track("nul", "order_completed"));
        const string url = "http://127.0.0.1:9/";
        for (var round = 0; round < 4; round++)
        {
            using var asked = await server.Live.GetAsync("/v1/customers/nul/timeline?name=%00&order=desc");
            using var told = await server.Live.PostAsync("/v1/endpoints", Json(new JsonObject { ["url"] = url + "\0" }));
            using var drafted = await server.Test.PutAsync("/v1/release/draft", Json(new JsonObject { ["journeys"] = new JsonArray("a\0") }));
            Assert.Equal((400, 400, 400), ((int)asked.StatusCode, (int)told.StatusCode, (int)drafted.StatusCode));
        }
        for (var round = 0; round < 12; round++) await GetAsync(server.Live, "/v1/customers/nul/timeline?name=order_completed&order=desc");
    }

    [Fact]
    public async Task A_draft_without_the_text_of_a_journey_is_refused()
    {
        using var answer = await server.Test.PutAsync("/v1/release/draft", Json(new JsonObject { ["journeys"] = new JsonArray("journey: one", null) }));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("/journeys/1", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![0]!["pointer"]!);
    }

    [Fact]
    public async Task What_was_seen_of_nothing_is_judged()
    {
        var seen = (string)(await PostAsync(server.Live, "/v1/batch", new JsonObject { ["batch"] = new JsonArray() }))["seen"]!;
        Assert.True((bool)(await GetAsync(server.Live, $"/v1/progress?after={seen}"))["judged"]!);
    }

    /// <summary>Sends messages as they stand and answers the token that says how far they reach.</summary>
    /// <param name="rejected">Why every one of them is refused; null where none may be.</param>
    private async Task<string> SendRawAsync(string messages, string? rejected = null, string context = "{}")
    {
        using var body = new StringContent($$"""{"context":{{context}},"batch":[{{messages}}]}""", Encoding.UTF8, "application/json");
        using var response = await server.Live.PostAsync("/v1/batch", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        if (rejected is null) Assert.Null(answer["rejected"]);
        else Assert.All(answer["rejected"]!.AsArray(), one => Assert.Equal(rejected, (string)one!["code"]!));
        return (string)answer["seen"]!;
    }
}
