using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class AccessTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("/v1/customers/ann")]
    [InlineData("/v1/customers")]
    [InlineData("/v1/releases")]
    [InlineData("/v1/endpoints")]
    [InlineData("/v1/clock")]
    public async Task Without_a_key_and_with_an_unknown_one_nothing_is_told(string address)
    {
        foreach (var key in (string?[])[null, "lc_admin_guessed"])
        {
            using var client = server.ClientWith(key);
            using var answer = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal(key is null ? "key_missing" : "unknown_key", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
        }
    }

    [Fact]
    public async Task A_write_key_sends_and_does_not_read()
    {
        using var client = server.ClientWith(server.Server.Address.WriteKey);
        var seen = await SendAsync(client, Track("written", "session_start"));
        Assert.True((bool)(await GetAsync(client, $"/v1/progress?after={seen}&wait=10"))["judged"]!);
        using var answer = await client.GetAsync("/v1/customers/written");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_admin_key_opens_as_basic_user_name_too()
    {
        using var client = server.ClientWith(null);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes(server.Server.Address.AdminKey + ":"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", basic);
        Assert.NotNull((await GetAsync(client, "/v1/releases"))["items"]);
    }

    [Fact]
    public async Task The_first_page_may_run_nothing_but_its_own()
    {
        using var client = server.ClientWith(null);
        using var page = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.StartsWith("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        using var client = server.ClientWith(null);
        Assert.Equal("ok\n", await client.GetStringAsync("/livez"));
        Assert.True((bool)(await GetAsync(client, "/readyz"))["ready"]!);
        Assert.Contains("lifecycle_log_position{shard=\"0\"}", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    public async Task Figures_of_the_whole_installation_are_told_on_its_own_machine_only(string header, string value)
    {
        using var client = server.ClientWith(server.Server.Address.AdminKey);
        Assert.NotNull((await GetAsync(client, "/readyz"))["lag"]);
        client.DefaultRequestHeaders.Add(header, value);
        Assert.Equal("""{"ready":true}""", (await GetAsync(client, "/readyz")).ToJsonString());
        using var metrics = await client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.Forbidden, metrics.StatusCode);
        Assert.DoesNotContain("lifecycle_", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_answered_with_a_problem()
    {
        using var answer = await server.Live.GetAsync("/v1/nothing");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("unknown_address", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
    }
}
