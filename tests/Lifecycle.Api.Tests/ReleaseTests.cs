using System.Net;
using System.Text.Json.Nodes;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class ReleaseTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Wrong = """
        definition: wrong
        zone: UTC
        currency: USD
        metrics:
          purchases: count(order_completed)
        tracks:
          lifecycle:
            - stage: new
            - stage: regular
              when: purchasess >= 2
        """;

    /// <summary>Stages of the game that the small definition does not have.</summary>
    private static JsonObject Everyone => new() { ["exploration"] = "new", ["formation"] = "new", ["stability"] = "regular" };

    [Fact]
    public async Task What_is_not_given_stays_and_what_is_removed_is_named()
    {
        var before = await GetAsync(server.Live, "/v1/release");
        var settings = (string)before["settings"]! + "\n# once more\n";
        var published = await PostAsync(server.Live, "/v1/release/publish", new JsonObject { ["settings"] = settings, ["based_on"] = (int)before["number"]! });
        var after = await GetAsync(server.Live, "/v1/release");
        Assert.Equal((int)before["number"]! + 1, (int)published["number"]!);
        Assert.Equal((string)before["definition"]!, (string)after["definition"]!);
        Assert.Equal(before["journeys"]!.AsArray().Count, after["journeys"]!.AsArray().Count);
        Assert.Equal(settings, (string)after["settings"]!);

        using var late = await server.Live.PostAsync("/v1/release/publish", Json(new JsonObject { ["settings"] = (string)before["settings"]!, ["based_on"] = (int)before["number"]! }));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal("release_changed", (string)JsonNode.Parse(await late.Content.ReadAsStringAsync())!["code"]!);

        using var wrong = await server.Live.PostAsync("/v1/release/publish", Json(new JsonObject { ["remove"] = new JsonArray("journey:none") }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("publish")]
    public async Task A_wrong_definition_is_refused_with_file_line_and_column(string verb)
    {
        await PutAsync(server.Live, "/v1/release/draft", new JsonObject { ["definition"] = Wrong });
        var before = (await GetAsync(server.Live, "/v1/releases"))["items"]!.AsArray().Count;
        using var answer = await server.Live.PostAsync($"/v1/release/draft/{verb}", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var errors = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray();
        var error = errors.First(one => (string)one!["pointer"]! == "definition.yaml")!;
        Assert.Equal((10, 13), ((int)error["line"]!, (int)error["column"]!));
        Assert.Contains("~~~~~~~~~~", (string)error["text"]!, StringComparison.Ordinal);
        Assert.Equal(before, (await GetAsync(server.Live, "/v1/releases"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_release_rules_customers_who_were_there_before_it()
    {
        var seen = await SendAsync(server.Test, Track("early", "Order Completed", revenue: 5),
            Track("earlier", "session_start", "2026-02-01T08:00:00Z", historical: true),
            Track("earlier", "session_start", "2026-02-03T08:00:00Z", historical: true));
        Assert.Equal("exploration", await StageAsync($"?after={seen}"));
        var right = Wrong.Replace("purchasess >= 2", "purchases >= 1", StringComparison.Ordinal);
        await PutAsync(server.Test, "/v1/release/draft", new JsonObject { ["definition"] = right, ["journeys"] = new JsonArray(), ["map"] = Everyone });
        var published = await PostAsync(server.Test, "/v1/release/draft/publish", new JsonObject());
        Assert.Equal((3, false), ((int)published["number"]!, (bool)published["unchanged"]!));
        Assert.Equal("regular", await StageAsync($"?after={(string)published["seen"]!}"));
        Assert.True((bool)(await PostAsync(server.Test, "/v1/release/draft/publish", new JsonObject()))["unchanged"]!);

        // What only earlier releases had can still be asked for.
        Assert.Equal("earlier", (string)(await GetAsync(server.Test, "/v1/customers?stage=exploration&at=2026-02-02"))["items"]!.AsArray().Single()!["id"]!);
        Assert.Empty((await GetAsync(server.Test, "/v1/customers?stage=dormant"))["items"]!.AsArray());
        Assert.Equal("vip", (string)(await GetAsync(server.Test, "/v1/stages/summary?track=vip"))["track"]!);
        Assert.Empty((await GetAsync(server.Test, "/v1/customers?track=vip&stage=gold&at=2026-01-01"))["items"]!.AsArray());

        async Task<string> StageAsync(string query) =>
            (string)(await GetAsync(server.Test, "/v1/customers/early" + query))["tracks"]!["lifecycle"]!["stage"]!;
    }

    [Fact]
    public async Task An_unknown_member_is_named_and_changes_nothing()
    {
        using var answer = await PutDraftAsync(new JsonObject { ["definitions"] = Wrong }, null);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("/definitions", (string)problem["errors"]![0]!["pointer"]!);
        Assert.Equal("There is no member 'definitions' here; there are definition, journeys, settings, map.", (string)problem["detail"]!);
    }

    [Fact]
    public async Task Who_has_an_old_draft_in_mind_does_not_overwrite_a_newer_one()
    {
        var first = await TagOfAsync(new JsonObject { ["definition"] = Wrong + "\n# first" }, null);
        Assert.Equal(first, await TagOfAsync(new JsonObject { ["definition"] = Wrong + "\n# first" }, first));
        await TagOfAsync(new JsonObject { ["definition"] = Wrong + "\n# second" }, first);
        using var late = await PutDraftAsync(new JsonObject { ["definition"] = Wrong }, first);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.EndsWith("# second", (string)(await GetAsync(server.Live, "/v1/release/draft"))["definition"]!, StringComparison.Ordinal);

        async Task<string> TagOfAsync(JsonObject draft, string? ifMatch)
        {
            using var answer = await PutDraftAsync(draft, ifMatch);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return answer.Headers.ETag!.Tag;
        }
    }

    [Fact]
    public async Task What_a_draft_leaves_out_is_taken_from_the_release_in_force()
    {
        await PutAsync(server.Live, "/v1/release/draft", new JsonObject { ["journeys"] = new JsonArray() });
        var draft = await GetAsync(server.Live, "/v1/release/draft");
        Assert.Contains("definition: tianxia", (string)draft["definition"]!, StringComparison.Ordinal);
        Assert.Empty(draft["journeys"]!.AsArray());
        Assert.NotNull(draft["settings"]);
    }

    private Task<HttpResponseMessage> PutDraftAsync(JsonObject draft, string? ifMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/v1/release/draft") { Content = Json(draft) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return server.Live.SendAsync(request);
    }
}
