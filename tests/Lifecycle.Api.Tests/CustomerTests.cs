using System.Net;
using System.Text.Json.Nodes;
using Lifecycle.Ingestion;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class CustomerTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task What_was_sent_is_on_the_page_once_its_token_is_judged()
    {
        var seen = await SendAsync(server.Live, Track("kim", "session_start"), Track("kim", "Order Completed", revenue: 30.50m));
        var page = await GetAsync(server.Live, $"/v1/customers/kim?after={seen}");
        Assert.Equal("kim", (string)page["id"]!);
        Assert.Equal("exploration", (string)page["tracks"]!["lifecycle"]!["stage"]!);
        Assert.Equal(2, (int)page["tracks"]!["lifecycle"]!["release"]!);
        Assert.Equal("30.5", page["metrics"]!["revenue"]!.ToJsonString());
        Assert.Equal(1, (int)page["metrics"]!["purchases"]!);
    }

    [Theory]
    [InlineData("a/b", "/v1/customers/a%2Fb")]
    [InlineData("a%2Fb", "/v1/customers/a%252Fb")]
    [InlineData("..", "/v1/customers/%2E%2E")]
    [InlineData("陈明 & co?", "/v1/customers/%E9%99%88%E6%98%8E%20%26%20co%3F")]
    [InlineData("timeline", "/v1/customers/timeline")]
    public async Task An_id_is_one_segment_decoded_once_from_what_was_really_sent(string id, string address)
    {
        var seen = await SendAsync(server.Live, Track(id, "session_start"));
        using var page = await server.Live.GetAsync(server.Raw($"{address}?after={seen}"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(id, (string)JsonNode.Parse(await page.Content.ReadAsStringAsync())!["id"]!);
        using var timeline = await server.Live.GetAsync(server.Raw($"{address}/timeline"));
        Assert.Equal("session_start", (string)JsonNode.Parse(await timeline.Content.ReadAsStringAsync())!["items"]![0]!["name"]!);
    }

    [Fact]
    public async Task A_customer_of_one_tenant_is_unknown_to_the_other()
    {
        var seen = await SendAsync(server.Live, Track("only-live", "session_start"));
        await GetAsync(server.Live, $"/v1/customers/only-live?after={seen}");
        foreach (var page in (string[])["", "/timeline", "/stages", "/outlook", "/life.svg"])
        {
            using var answer = await server.Test.GetAsync($"/v1/customers/only-live{page}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal(("unknown_customer", "Nothing is known of a customer 'only-live'."), ((string)problem["code"]!, (string)problem["detail"]!));
        }
    }

    [Fact]
    public async Task A_timeline_comes_in_pages_that_together_are_the_whole()
    {
        var messages = Enumerable.Range(0, 7).Select(hour => Track("paged", "session_start", $"2026-01-01T0{hour}:00:00Z", historical: true)).ToArray();
        var seen = await SendAsync(server.Live, messages);
        var whole = (await GetAsync(server.Live, $"/v1/customers/paged/timeline?kind=input&after={seen}"))["items"]!.AsArray().Select(item => (string)item!["id"]!);

        var pages = new List<string>();
        var address = "/v1/customers/paged/timeline?kind=input&limit=3";
        for (var page = 0; page < 3; page++)
        {
            using var answer = await server.Live.GetAsync(address);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            pages.AddRange(body["items"]!.AsArray().Select(item => (string)item!["id"]!));
            Assert.Equal(page < 2, body["next"] is not null);
            if (page < 2) address = answer.Headers.GetValues("Link").Single().Split('<', '>')[1];
        }
        Assert.Equal(whole, pages);
    }

    [Theory]
    [InlineData("/v1/customers/kim?at=yesterday", "at")]
    [InlineData("/v1/customers/kim/timeline?limit=0", "limit")]
    [InlineData("/v1/customers/kim/timeline?kind=input,magic", "kind")]
    [InlineData("/v1/customers/kim/timeline?cursor=none", "cursor")]
    [InlineData("/v1/customers?stage=nowhere", "stage")]
    [InlineData("/v1/stages/summary?track=nowhere", "track")]
    [InlineData("/v1/customers/kim?after=***", "after")]
    [InlineData("/v1/customers?attribute.country=ZZ", "attribute.country")]
    [InlineData("/v1/customers/kim?limit=5", "limit")]
    [InlineData("/v1/releases?page=2", "page")]
    [InlineData("/v1/progress?after=&since=1", "since")]
    [InlineData("/v1/customers?at=2900-01-01", "at")]
    [InlineData("/v1/customers/kim?at=2900-01-01", "at")]
    [InlineData("/v1/stages/summary?at=2900-01-01", "at")]
    public async Task A_wrong_parameter_is_named(string address, string place)
    {
        using var answer = await server.Live.GetAsync(address);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(place, (string)problem["errors"]![0]!["pointer"]!);
    }

    [Fact]
    public async Task A_customer_is_found_by_an_address_that_is_sealed_until_they_are_erased()
    {
        var seen = await SendAsync(server.Live,
            (JsonObject)JsonNode.Parse("""{"type":"identify","userId":"sealed-lee","traits":{"email":"Lee@x.test","name":"Lee"}}""")!, Track("sealed-lee", "session_start"));
        var address = $"/v1/customers?attribute.email=lee%40X.test&attribute.name=lee&after={seen}";
        Assert.Equal("sealed-lee", (string)Assert.Single((await GetAsync(server.Live, address))["items"]!.AsArray())!["id"]!);
        Assert.Empty((await GetAsync(server.Live, "/v1/customers?attribute.email=ee%40x.test"))["items"]!.AsArray());
        Assert.Empty((await GetAsync(server.Test, "/v1/customers?attribute.email=lee%40x.test"))["items"]!.AsArray());

        using var erased = await server.Live.PostAsync("/v1/customers/sealed-lee/erase", null);
        var answer = JsonNode.Parse(await erased.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.OK, true), (erased.StatusCode, (bool)answer["erased"]!));
        Assert.Empty((await GetAsync(server.Live, $"/v1/customers?attribute.email=lee%40x.test&after={(string)answer["seen"]!}"))["items"]!.AsArray());
        foreach (var page in (string[])["", "/timeline", "/stages", "/outlook", "/life.svg"])
        {
            using var gone = await server.Live.GetAsync($"/v1/customers/sealed-lee{page}");
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
        using var nobody = await server.Live.PostAsync("/v1/customers/nobody-at-all/erase", null);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }

    [Fact]
    public async Task An_unknown_parameter_is_answered_with_those_that_exist()
    {
        using var answer = await server.Live.GetAsync("/v1/stages/summary?stage=decline");
        Assert.Equal("There is no parameter 'stage' here; there are track, at, after.", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!);
    }

    [Fact]
    public async Task A_position_that_does_not_exist_is_not_waited_for()
    {
        var future = SeenToken.Of([(0, 1_000_000)]).For(await server.LiveTenantAsync());
        foreach (var address in (string[])["/v1/progress?wait=10&", "/v1/customers/lee?"])
        {
            using var answer = await server.Live.GetAsync($"{address}after={future}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("beyond the log", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!, StringComparison.Ordinal);
        }
        var seen = await SendAsync(server.Live, Track("lee", "session_start"));
        Assert.True((bool)(await GetAsync(server.Live, $"/v1/progress?after={seen}&wait=10"))["judged"]!);
    }

    [Fact]
    public async Task What_clients_hand_back_tells_them_no_position_and_serves_their_own_tenant_alone()
    {
        var seen = await SendAsync(server.Live, Track("sealed-seen", "session_start"), Track("sealed-seen", "session_start"));
        Assert.True((bool)(await GetAsync(server.Live, $"/v1/progress?after={seen}&wait=60"))["judged"]!);
        // The same place, written twice, is another text of the same length: nothing can be read off it.
        var tenant = await server.LiveTenantAsync();
        var place = SeenToken.Read(tenant, seen)!;
        Assert.NotEqual(place.For(tenant), place.For(tenant));
        Assert.Equal(seen.Length, SeenToken.Of([(0, long.MaxValue)]).For(tenant).Length);

        var next = (string)(await GetAsync(server.Live, "/v1/customers/sealed-seen/timeline?limit=1"))["next"]!;
        await GetAsync(server.Live, $"/v1/customers/sealed-seen/timeline?limit=1&cursor={next}");
        await SendAsync(server.Test, Track("sealed-seen", "session_start"));
        foreach (var address in (string[])[$"/v1/progress?after={seen}", $"/v1/customers/sealed-seen?after={seen}", $"/v1/customers/sealed-seen/timeline?cursor={next}"])
        {
            using var others = await server.Test.GetAsync(address);
            Assert.Equal((address, HttpStatusCode.BadRequest), (address, others.StatusCode));
        }
        using var broken = await server.Live.GetAsync($"/v1/progress?after={(seen[0] == 'A' ? 'B' : 'A')}{seen[1..]}");
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("give the seen of an answer", (string)JsonNode.Parse(await broken.Content.ReadAsStringAsync())!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_names_nothing_waits_for_all_that_there_is_now()
    {
        await SendAsync(server.Live, Track("all-so-far", "session_start"));
        var progress = await GetAsync(server.Live, "/v1/progress?wait=60");
        Assert.Equal(["judged", "seen"], progress.AsObject().Select(member => member.Key));
        Assert.True((bool)progress["judged"]!);
        Assert.Equal("all-so-far", (string)(await GetAsync(server.Live, "/v1/customers/all-so-far"))["id"]!);
        Assert.True((bool)(await GetAsync(server.Live, $"/v1/progress?after={(string)progress["seen"]!}"))["judged"]!);
    }

    [Fact]
    public async Task A_summary_counts_each_customer_once_and_knows_the_past()
    {
        string[] messages = ["2026-02-01T08:00:00Z", "2026-02-02T08:00:00Z"];
        var before = await CountAsync("2026-02-01T12:00:00Z");
        var seen = await SendAsync(server.Live, [.. messages.Select(at => Track("counted", "session_start", at, historical: true))]);
        await GetAsync(server.Live, $"/v1/progress?after={seen}&wait=10");
        Assert.Equal(before + 1, await CountAsync("2026-02-01T12:00:00Z"));
        Assert.Equal(before, await CountAsync("2026-02-01T07:59:59.999Z"));

        var members = await GetAsync(server.Live, "/v1/customers?track=lifecycle&stage=exploration&at=2026-02-01T12:00:00Z");
        Assert.Contains("counted", members["items"]!.AsArray().Select(member => (string)member!["id"]!));

        async Task<int> CountAsync(string at) => (int)(await GetAsync(server.Live, $"/v1/stages/summary?track=lifecycle&at={at}"))["stages"]!.AsArray()
            .Single(stage => (string)stage!["stage"]! == "exploration")!["customers"]!;
    }
}
