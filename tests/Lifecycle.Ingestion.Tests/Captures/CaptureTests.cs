using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Ingestion.Tests.Answers;

namespace Lifecycle.Ingestion.Tests.Captures;

public sealed class CaptureTests
{
    /// <summary>The keys that the captured SDKs were given.</summary>
    private static readonly string[] KeysOfCaptures = ["WRITE_KEY_abc123", "K"];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Captures"), "*.json").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Whatever_an_SDK_sends_is_stored_once_each_however_often_it_tries(string file)
    {
        await using var server = await IntakeServer.StartAsync();
        foreach (var key in KeysOfCaptures) await server.Fixture.Keys.EnsureAsync(key, server.Fixture.Log.Tenant, KeyKind.Write);
        var ids = new List<string>();
        foreach (var request in Requests(file))
        {
            ids.AddRange(request["bodyJson"]!["batch"]!.AsArray().Select(message => (string)message!["messageId"]!));
            using var response = await server.Http.SendAsync(Replay(request));
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.True((int)response.StatusCode == 200, answer.ToJsonString());
            Assert.Null(answer["rejected"]);
        }
        var stored = (await server.Fixture.InputsAsync()).Select(row => (string)JsonNode.Parse(row.Open.Span)!["message_id"]!);
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct().Order(), stored.Order());
    }

    [Fact]
    public void The_captures_hold_retries() =>
        Assert.True(Requests("segment-node_retry-429-retry-after-2.json").Count > 1 && Requests("rudder-node_retry-429-retry-after-2.json").Count > 1);

    [Fact]
    public async Task The_customers_and_names_are_those_that_the_SDKs_meant()
    {
        await using var server = await IntakeServer.StartAsync();
        await server.Fixture.Keys.EnsureAsync(KeysOfCaptures[0], server.Fixture.Log.Tenant, KeyKind.Write);
        foreach (var request in Requests("rudder-node_happy-gzip.json")) (await server.Http.SendAsync(Replay(request))).Dispose();
        var rows = await server.Fixture.InputsAsync();
        var names = new List<string>();
        foreach (var row in rows) names.Add($"{await server.Fixture.Log.Customers.FindIdAsync(row.Tenant, row.Shard, row.Customer!.Value)} {row.Name}");
        Assert.Equal(
        [
            "019mr8mf4r group_joined", "019mr8mf4r identity_linked", "019mr8mf4r order_completed", "019mr8mf4r page_viewed", "019mr8mf4r profile_changed",
            "019mr8mf4r screen_viewed", "42 numeric_id", "anonymous:anon-1 level_completed",
        ], names.Order(StringComparer.Ordinal));
    }

    private static List<JsonNode> Requests(string file) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captures", file)))!["requests"]!.AsArray().Select(request => request!)];

    private static HttpRequestMessage Replay(JsonNode captured)
    {
        var headers = captured["rawHeaders"]!.AsArray().Select(header => ((string)header![0]!, (string)header[1]!)).ToList();
        var body = Encoding.UTF8.GetBytes(captured["bodyJson"]!.ToJsonString());
        if (headers.Any(header => header is ("Content-Encoding", "gzip")))
        {
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write(body);
            body = packed.ToArray();
        }
        var request = new HttpRequestMessage(new HttpMethod((string)captured["method"]!), (string)captured["url"]!) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (name.ToLowerInvariant() is "host" or "connection" or "content-length") continue;
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }
}
