using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lifecycle.Testing;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

/// <summary>What lies ahead of a customer, as the route tells it.</summary>
public sealed partial class OutlookRouteTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task An_outlook_has_the_approved_shape()
    {
        const string shop = """
            definition: corner-shop
            zone: UTC
            currency: CNY
            events:
              order_completed: { revenue: money }
            metrics:
              purchases: count(order_completed)
              silence: since(last(order_completed))
            tracks:
              lifecycle:
                - stage: exploration
                  title: { zh: 考察期 }
                - stage: formation
                  title: { zh: 形成期 }
                  when: purchases >= 2
                  keep: purchases >= 1
                - stage: stability
                  title: { zh: 稳定期 }
                  when: purchases >= 4 or (sum(order_completed.revenue) >= 100 and age >= 90 days)
                  confirm: 2 days
                - stage: decline
                  title: { zh: 退化期 }
                  when: silence >= 30 days
                  minimum stay: 1 day
            """;
        await PublishAsync(server.Live, shop);
        var seen = await SendAsync(server.Live,
            Order("mia", "2026-03-01T08:00:00Z", 20), Order("mia", "2026-03-02T08:00:00Z", 30));
        var outlook = await GetAsync(server.Live, $"/v1/customers/mia/outlook?after={seen}");
        var ids = new List<string>();
        Approved.Matches(Id().Replace(outlook.ToJsonString(Indented), match =>
        {
            if (!ids.Contains(match.Value)) ids.Add(match.Value);
            return $"id {ids.IndexOf(match.Value) + 1}";
        }), "outlook");
    }

    [Fact]
    public async Task Of_whom_nothing_is_known_nothing_is_foreseen()
    {
        using var answer = await server.Live.GetAsync("/v1/customers/nobody/outlook");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("unknown_customer", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
    }

    [Fact]
    public async Task A_test_tenant_is_seen_from_its_own_clock_and_what_was_foreseen_comes_at_its_millisecond()
    {
        var started = Instant((await GetAsync(server.Test, "/v1/clock"))["clock"]);
        var seen = await SendAsync(server.Test, Track("tom", "session_start"));
        var outlook = await GetAsync(server.Test, $"/v1/customers/tom/outlook?after={seen}");
        Assert.Equal(started, Instant(outlook["clock"]));
        var (before, foreseen) = (StageOf(outlook), FirstMove(outlook));
        Assert.Equal(before, (string)foreseen["from"]!);

        await PostAsync(server.Test, "/v1/clock/advance", new JsonObject { ["to"] = $"{Instant(foreseen["at"]).AddMilliseconds(-1):O}" });
        outlook = await GetAsync(server.Test, "/v1/customers/tom/outlook");
        Assert.Equal(Instant(foreseen["at"]).AddMilliseconds(-1), Instant(outlook["clock"]));
        Assert.Equal((before, (string)foreseen["at"]!), (StageOf(outlook), (string)FirstMove(outlook)["at"]!));

        await PostAsync(server.Test, "/v1/clock/advance", new JsonObject { ["to"] = (string)foreseen["at"]! });
        Assert.Equal((string)foreseen["to"]!, StageOf(await GetAsync(server.Test, "/v1/customers/tom/outlook")));

        static JsonNode FirstMove(JsonNode outlook) => outlook["moves"]!.AsArray().First(move => (string)move!["track"]! == "lifecycle")!;
    }

    [Fact]
    public async Task A_player_of_the_sample_game_is_two_active_days_short_of_stability()
    {
        var day = new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc);
        int[] active = [0, 1, 2, 5, 9, 12, 16, 19, 22, 23, 27, 30, 33, 35]; // Ten of them in the last four weeks, some in each.
        var seen = await SendAsync(server.Test, [.. active.Select(one => Track("yu", "session_start", $"{day.AddDays(one):O}", historical: true))]);
        var outlook = await GetAsync(server.Test, $"/v1/customers/yu/outlook?after={seen}");
        Assert.Equal("formation", StageOf(outlook));
        var stability = outlook["tracks"]!["lifecycle"]!["reachable"]!.AsArray().Single(stage => (string)stage!["stage"]! == "stability")!;
        var missing = Assert.Single(stability["missing"]!.AsArray())!;
        Assert.Equal("active_days_28 >= 12", (string)missing["text"]!);
        Assert.Equal((10, 12, 2), ((int)missing["have"]!, (int)missing["need"]!, (int)missing["distance"]!));
        Assert.StartsWith("2 more active days", (string)missing["words"]!["en"]!, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> PublishAsync(HttpClient client, string definition)
    {
        var draft = new JsonObject { ["definition"] = definition, ["journeys"] = new JsonArray(), ["settings"] = null };
        await PutAsync(client, "/v1/release/draft", draft);
        return await PostAsync(client, "/v1/release/draft/publish", new JsonObject());
    }

    private static JsonObject Order(string customer, string at, decimal revenue) => Track(customer, "Order Completed", at, revenue, historical: true);

    private static string StageOf(JsonNode outlook) => (string)outlook["tracks"]!["lifecycle"]!["stage"]!;

    private static DateTimeOffset Instant(JsonNode? text) => DateTimeOffset.Parse((string)text!, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b[0-9a-f]{32}\b")]
    private static partial Regex Id();
}
