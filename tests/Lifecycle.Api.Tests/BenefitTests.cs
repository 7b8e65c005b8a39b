using System.Net;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class BenefitTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task May_this_player_skip_the_queue()
    {
        var seen = await SendAsync(server.Live, Track("vip", "session_start"), Track("vip", "Order Completed", revenue: 150.50m), Track("new", "session_start"));
        var benefit = await GetAsync(server.Live, $"/v1/customers/vip/benefits/skip_queue?after={seen}");
        Assert.Equal("""{"name":"skip_queue","held":true,"until":null}""", benefit.ToJsonString());
        Assert.Equal("""{"name":"skip_queue","held":false,"until":null}""", (await GetAsync(server.Live, "/v1/customers/new/benefits/skip_queue")).ToJsonString());
        Assert.Equal("""{"name":"ein Lächeln","held":false,"until":null}""",
            System.Text.RegularExpressions.Regex.Unescape((await GetAsync(server.Live, "/v1/customers/vip/benefits/ein%20L%C3%A4cheln")).ToJsonString()));

        var page = await GetAsync(server.Live, "/v1/customers/vip");
        Assert.Equal("1505", page["points"]!.ToJsonString());
        Assert.Equal("""[{"name":"skip_queue","until":null}]""", page["benefits"]!.ToJsonString());
        Assert.Null(page["approximate"]);
    }

    [Fact]
    public async Task Of_somebody_nobody_knows_there_is_nothing_to_say()
    {
        using var answer = await server.Live.GetAsync("/v1/customers/nobody/benefits/skip_queue");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_timeline_tells_what_was_earned_and_granted()
    {
        var seen = await SendAsync(server.Live, Track("earner", "Order Completed", revenue: 100));
        var facts = (await GetAsync(server.Live, $"/v1/customers/earner/timeline?name=points_earned,benefit_granted&after={seen}"))["items"]!.AsArray();
        Assert.Equal(
            ["""{"points":1000,"balance":1000,"event":"order_completed"}""", """{"benefit":"skip_queue","track":"vip","stage":"silver"}"""],
            facts.Select(fact => fact!["properties"]!.ToJsonString()));
    }
}
