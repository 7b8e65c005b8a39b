using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

/// <summary>What senders are told by a server with a release: warnings, and names that count as they were declared.</summary>
public sealed class SendingTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Definition = """
        definition: names
        zone: America/New_York
        currency: CNY
        events:
          login: {}
          purchase: { amount: money }
          expired: {}
          subscribed: {}
          cancellation: {}
          '3': {}
          account_removed: {}
        metrics:
          logins: count(login)
          all_of_them: count([login, purchase, expired, subscribed, cancellation, '3', account_removed])
          orders: sum(order_completed.revenue)
        tracks:
          t:
            - stage: low
            - stage: high
              when: logins >= 1
        """;

    private static readonly string[] Names = ["login", "Purchase", "EXPIRED", "subscribed", "cancellation", "3", "Account Removed"];

    [Fact]
    public async Task An_event_counts_under_the_name_that_the_definition_declares()
    {
        await PublishAsync(server.Test, null);
        var seen = await SendAsync(server.Test, [.. Names.Select(name => Track("names", name))]);
        var page = await GetAsync(server.Test, $"/v1/customers/names?after={seen}");
        Assert.Equal(("1", "7", "high"), (page["metrics"]!["logins"]!.ToJsonString(), page["metrics"]!["all_of_them"]!.ToJsonString(), (string?)page["tracks"]!["t"]!["stage"]));
        await PublishAsync(server.Test, "settings: s\nnames: [segment, google]\n");
        seen = await SendAsync(server.Test, [.. Names.Select(name => Track("renamed", name))]);
        var timeline = await GetAsync(server.Test, $"/v1/customers/renamed/timeline?kind=input&after={seen}");
        Assert.Equal(["logged_in", "order_completed", "expired", "subscription_started", "cancellation", "cancel_scheduled", "account_deleted"],
            timeline["items"]!.AsArray().Select(item => (string)item!["name"]!));
    }

    [Fact]
    public async Task What_is_surely_not_meant_is_stored_and_warned_of()
    {
        await PublishAsync(server.Live, null);
        var answer = await PostAsync(server.Live, "/v1/batch", JsonNode.Parse("""
            {"batch":[{"type":"track","event":"Order Completed","userId":"warned","timestamp":"gestern","properties":{"revenue":"7,50"}},
             {"type":"trak","event":"E","userId":"warned"},
             {"type":"track","event":"E","userId":"warned","properties":[1],"timestamp":"2999-01-01"},
             {"type":"track","event":"purchase","userId":"warned","properties":{"amount":5,"currency":"USD"}},
             {"type":"track","event":"E","userId":true},
             {"type":"track","event":"E","userId":"warned","properties":{"fine":1}}]}
            """)!);
        Assert.Equal((5, 1), ((int)answer["appended"]!, answer["rejected"]!.AsArray().Count));
        Assert.Equal(["0 timestamp_unreadable", "0 property_type", "1 unknown_type", "2 timestamp_in_future", "2 not_an_object", "3 other_currency"],
            answer["warnings"]!.AsArray().Select(warning => $"{warning!["index"]} {(string)warning["code"]!}"));
        Assert.All(answer["warnings"]!.AsArray(), warning => Assert.NotEmpty((string)warning!["message"]!));
        Assert.Null(answer["warnings_left_out"]);
    }

    [Fact]
    public async Task A_name_in_two_writings_is_one_customer()
    {
        var seen = await SendAsync(server.Live, Track("Zoe\u0308", "session_start"), Track("Zoë", "session_start"));
        Assert.Equal(2, (await GetAsync(server.Live, $"/v1/customers/Zoe%CC%88/timeline?kind=input&after={seen}"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_retry_with_another_context_is_a_duplicate()
    {
        static JsonNode Batch(string context) => JsonNode.Parse($$"""
            {"batch":[{"type":"track","event":"E","userId":"retried","messageId":"m","properties":{"a":1},"context":{{context}}}],"context":{{context}},"sentAt":"2026-01-01T00:00:00Z"}
            """)!;
        Assert.Equal(1, (int)(await PostAsync(server.Live, "/v1/batch", Batch("""{"locale":"nl"}""")))["appended"]!);
        var again = await PostAsync(server.Live, "/v1/batch", Batch("""{"locale":"en","network":{"wifi":true}}"""));
        Assert.Equal((0, 1, null), ((int)again["appended"]!, (int)again["duplicates"]!, again["rejected"]));
    }

    [Fact]
    public async Task What_was_sent_beside_the_properties_is_shown_on_the_timeline()
    {
        var seen = await SendAsync(server.Live, (JsonObject)JsonNode.Parse("""
            {"type":"track","event":"Level Up!","userId":"beside","messageId":"m-7","properties":{"level":3},"context":{"locale":"nl","ip":"203.0.113.9"}}
            """)!, (JsonObject)JsonNode.Parse("""{"type":"group","groupId":"guild","userId":"beside","traits":{"size":9}}""")!);
        var items = (await GetAsync(server.Live, $"/v1/customers/beside/timeline?kind=input&after={seen}"))["items"]!.AsArray();
        Assert.Equal(("Level Up!", "m-7", "nl", "203.0.113.9"),
            ((string?)items[0]!["raw_name"], (string?)items[0]!["message_id"], (string?)items[0]!["context"]!["locale"], (string?)items[0]!["context"]!["ip"]));
        Assert.Equal(("guild", 9, null), ((string?)items[1]!["group"], (int?)items[1]!["properties"]!["size"], items[1]!["raw_name"]));
    }

    [Fact]
    public async Task An_import_is_told_how_many_of_its_customers_are_in_the_present()
    {
        await PublishAsync(server.Live, null);
        Assert.Equal("America/New_York", (string?)(await GetAsync(server.ClientWith(server.Server.Address.WriteKey), "/v1/history"))["zone"]);
        await SendAsync(server.Live, Track("past-1", "session_start", "2020-01-01T00:00:00Z", historical: true), Track("past-2", "session_start", "2020-01-01T00:00:00Z", historical: true));
        Assert.Equal(0, await PresentAsync("past-1", "past-2", "nobody"));
        await SendAsync(server.Live, Track("past-1", "session_start"));
        Assert.Equal(1, await PresentAsync("past-1", "past-2", "nobody"));
        await PostAsync(server.Live, "/v1/history/close", new JsonObject());
        Assert.Equal(2, await PresentAsync("past-1", "past-2", "nobody"));
        await SendAsync(server.Live, Track("past-3", "session_start", "2020-01-01T00:00:00Z", historical: true));
        Assert.Equal(2, await PresentAsync("past-1", "past-2", "past-3"));

        async Task<int> PresentAsync(params string[] ids) => (int)(await PostAsync(server.Live, "/v1/history/present",
            new JsonObject { ["customers"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) }))["present"]!;
    }

    [Theory]
    [InlineData("/v1/customers", null, 401)]
    [InlineData("/v1/customers", "write", 403)]
    [InlineData("/v1/nothing", "admin", 404)]
    [InlineData("/v1/progress?after=none", "admin", 400)]
    [InlineData("/livez", null, 200)]
    public async Task Every_answer_has_the_headers_that_keep_pages_safe(string address, string? key, int status)
    {
        using var client = server.ClientWith(key switch { "write" => server.Server.Address.WriteKey, "admin" => server.Server.Address.AdminKey, _ => null });
        using var answer = await client.GetAsync(address);
        Assert.Equal((status, "nosniff", "no-referrer"),
            ((int)answer.StatusCode, answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Headers.GetValues("Referrer-Policy").Single()));
        Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_stalls_is_never_answered_by_408()
    {
        using var socket = new TcpClient();
        var url = new Uri(server.Server.Address.Url);
        await socket.ConnectAsync(url.Host, url.Port);
        var stream = socket.GetStream();
        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(server.Server.Address.WriteKey + ":"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/batch HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Basic {key}\r\nContent-Length: 5000\r\n\r\n{{\"batch\":["));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 2", answer, StringComparison.Ordinal);
        Assert.Contains("upload_stalled", answer, StringComparison.Ordinal);
    }

    private static async Task PublishAsync(HttpClient client, string? settings)
    {
        await PutAsync(client, "/v1/release/draft", new JsonObject
        {
            ["definition"] = Definition, ["journeys"] = new JsonArray(), ["settings"] = settings ?? "settings: plain\n",
        });
        await PostAsync(client, "/v1/release/draft/publish", new JsonObject());
    }
}
