using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class IntakeEndpointsTests
{
    private const string Batch = """{"batch":[{"type":"track","event":"E","userId":"u"},{"type":"track","userId":"u","messageId":"m"}]}""";

    [Fact]
    public async Task Every_route_takes_POST_and_PUT_with_and_without_a_slash_at_the_end()
    {
        await using var server = await IntakeServer.StartAsync();
        foreach (var route in new[] { "batch", "b", "import" }) await AcceptsAsync(server, route, Batch);
        foreach (var route in new[] { "track", "t", "identify", "i", "alias", "a", "group", "g", "page", "p", "screen", "s" })
            await AcceptsAsync(server, route, """{"event":"E","userId":"u","groupId":"g","previousId":"p"}""");
        Assert.Equal((3 + 12) * 4, (await server.Fixture.InputsAsync()).Count);
    }

    [Fact]
    public async Task What_was_stored_and_what_was_not_is_said()
    {
        await using var server = await IntakeServer.StartAsync();
        using var response = await SendAsync(server, HttpMethod.Post, "/v1/batch", Batch);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True((bool)answer["success"]!);
        Assert.NotEmpty(SeenToken.Read(server.Fixture.Log.Tenant, (string)answer["seen"]!)!.Positions);
        Assert.Equal((1, 0), ((int)answer["appended"]!, (int)answer["duplicates"]!));
        Assert.Equal("""[{"index":1,"messageId":"m","code":"event_missing","message":"A track call needs the name of its event."}]""", answer["rejected"]!.ToJsonString());
        using var good = await SendAsync(server, HttpMethod.Post, "/v1/t", """{"event":"E","userId":"u"}""");
        Assert.False(JsonNode.Parse(await good.Content.ReadAsStringAsync())!.AsObject().ContainsKey("rejected"));
    }

    [Theory]
    [InlineData("nonsense", null, IntakeFixture.WriteKey, 400, "not_json")]
    [InlineData("{}", "gzip", IntakeFixture.WriteKey, 400, "corrupt_encoding")]
    [InlineData("{\"batch\":[]}", null, "unknown", 401, "unknown_key")]
    [InlineData("{}", "zstd", IntakeFixture.WriteKey, 415, "unknown_encoding")]
    public async Task An_error_is_a_problem_with_code_message_and_error(string body, string? encoding, string key, int status, string code)
    {
        await using var server = await IntakeServer.StartAsync();
        using var response = await SendAsync(server, HttpMethod.Post, "/v1/batch", body, key, encoding);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal((code, code, status), ((string?)problem["code"], (string?)problem["error"], (int?)problem["status"]));
        Assert.Equal((string?)problem["detail"], (string?)problem["message"]);
        Assert.Equal(status == 415, response.Headers.Contains("Accept-Encoding"));
    }

    [Fact]
    public async Task More_than_4_MB_are_too_large_declared_or_not()
    {
        await using var server = await IntakeServer.StartAsync();
        var large = new string(' ', 4 * 1024 * 1024 + 1);
        using var declared = await SendAsync(server, HttpMethod.Post, "/v1/batch", large);
        Assert.Equal(413, (int)declared.StatusCode);
        using var request = Request(HttpMethod.Post, "/v1/batch", large, IntakeFixture.WriteKey, null);
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await server.Http.SendAsync(request);
        Assert.Equal(413, (int)chunked.StatusCode);
    }

    [Fact]
    public async Task A_browser_may_ask_and_send_from_any_page()
    {
        await using var server = await IntakeServer.StartAsync();
        using var asking = new HttpRequestMessage(HttpMethod.Options, "/v1/t");
        asking.Headers.Add("Origin", "https://shop.test");
        asking.Headers.Add("Access-Control-Request-Headers", "authorization,x-custom");
        using var allowed = await server.Http.SendAsync(asking);
        Assert.Equal((200, "*", "authorization,x-custom"), ((int)allowed.StatusCode,
            allowed.Headers.GetValues("Access-Control-Allow-Origin").Single(), allowed.Headers.GetValues("Access-Control-Allow-Headers").Single()));
        using var sent = await SendAsync(server, HttpMethod.Post, "/v1/t", "nonsense");
        Assert.Equal("*", sent.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Browser_SDKs_get_their_settings()
    {
        await using var server = await IntakeServer.StartAsync();
        Assert.Equal("""{"integrations":{"Segment.io":{"apiKey":"k"}}}""", await server.Http.GetStringAsync("/v1/projects/k/settings"));
    }

    [Fact]
    public async Task History_is_closed_by_whoever_may_send()
    {
        await using var server = await IntakeServer.StartAsync();
        using var request = Request(HttpMethod.Post, "/v1/import", Batch, IntakeFixture.WriteKey, null);
        request.Headers.Add("X-Lifecycle-Historical", "true");
        using var imported = await server.Http.SendAsync(request);
        Assert.True((await server.Fixture.InputsAsync()).Single().Imported);
        using var closed = await SendAsync(server, HttpMethod.Post, "/v1/history/close", "");
        Assert.NotEmpty(SeenToken.Read(server.Fixture.Log.Tenant, (string)JsonNode.Parse(await closed.Content.ReadAsStringAsync())!["seen"]!)!.Positions);
        using var refused = await SendAsync(server, HttpMethod.Post, "/v1/history/close", "", "unknown");
        Assert.Equal(401, (int)refused.StatusCode);
    }

    private static async Task AcceptsAsync(IntakeServer server, string route, string body)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put })
        {
            foreach (var path in new[] { $"/v1/{route}", $"/v1/{route}/" })
            {
                using var response = await SendAsync(server, method, path, body);
                Assert.True((int)response.StatusCode == 200, $"{method} {path}: {response.StatusCode}");
            }
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(IntakeServer server, HttpMethod method, string path, string body,
        string key = IntakeFixture.WriteKey, string? encoding = null)
    {
        using var request = Request(method, path, body, key, encoding);
        return await server.Http.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string body, string key, string? encoding)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        if (encoding is not null) request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        return request;
    }
}
