using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Lifecycle.Api.Stages;
using Lifecycle.Projections.Queries;
using Lifecycle.Testing;
using NodaTime;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class StagesPictureTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public void The_picture_of_half_a_year_is_the_approved_one()
    {
        var start = Instant.FromUtc(2026, 1, 1, 0, 0);
        IReadOnlyList<Instant> months = [.. Enumerable.Range(0, 7).Select(month => start + Duration.FromDays(30 * month))];
        var picture = StagesPicture.Draw(new StageHistory("lifecycle", months,
        [
            new StageOverTime("exploration", "Exploration", null, [10, 400, 600, 500, 400, 300, 350]),
            new StageOverTime("nowhere", "Nobody was here", null, [0, 0, 0, 0, 0, 0, 0]),
            new StageOverTime("stability", "稳定期", null, [0, 50, 200, 300, 450, 600, 600]),
            new StageOverTime("at_risk", "At <risk>", "decline", [0, 0, 40, 80, 80, 80, 90]),
            new StageOverTime("lost", "Lost", "decline", [0, 0, 0, 20, 70, 120, 200]),
        ]));
        Assert.DoesNotContain("Nobody was here", picture, StringComparison.Ordinal);
        Approved.Matches(picture, "stages-picture", "svg");
    }

    [Theory]
    [InlineData(2, 400)]
    [InlineData(40, 31)]
    public void Any_number_of_stages_and_any_time_can_be_drawn(int stages, int days)
    {
        var start = Instant.FromUtc(2024, 2, 29, 12, 0);
        IReadOnlyList<Instant> instants = [.. Enumerable.Range(0, days).Select(day => start + Duration.FromDays(day))];
        IReadOnlyList<long> Growing(int stage) => [.. instants.Select((_, day) => (long)day * stage)];
        var picture = StagesPicture.Draw(new StageHistory("lifecycle", instants,
            [.. Enumerable.Range(0, stages).Select(stage => new StageOverTime($"stage_{stage}", $"Stage number {stage}", null, Growing(stage)))]));
        XNamespace svg = "http://www.w3.org/2000/svg";
        var drawn = XElement.Parse(picture);
        Assert.Equal(stages - 1, drawn.Elements(svg + "path").Count());
        foreach (var text in drawn.Elements(svg + "text"))
            Assert.InRange((double)text.Attribute("y")!, 0, (double)drawn.Attribute("height")!);
        Assert.DoesNotContain("NaN", picture, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_picture_counts_as_the_summary_does()
    {
        var sessions = Enumerable.Range(1, 20)
            .Select(player => Track($"drawn {player}", "session_start", $"2026-03-{player:00}T08:00:00Z", historical: true));
        var seen = await SendAsync(server.Live, [.. sessions]);
        await GetAsync(server.Live, $"/v1/progress?after={seen}&wait=10");
        var summary = await GetAsync(server.Live, "/v1/stages/summary?track=lifecycle&at=2026-03-15T00:00:00Z");
        using var answer = await server.Live.GetAsync("/v1/stages/summary.svg?from=2026-03-01&to=2026-03-15&by=day");
        Assert.Equal("image/svg+xml; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var picture = await answer.Content.ReadAsStringAsync();
        foreach (var stage in summary["stages"]!.AsArray().Where(stage => (int)stage!["customers"]! > 0))
            Assert.Contains($" {(int)stage!["customers"]!}</text>", picture, StringComparison.Ordinal);
        var all = summary["stages"]!.AsArray().Sum(stage => (int)stage!["customers"]!);
        Assert.Contains($"; {all} customers at the end", picture, StringComparison.Ordinal);
        Assert.Contains("1 Mar 2026 to 15 Mar 2026", picture, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("track=nowhere", "track")]
    [InlineData("by=hour", "by")]
    [InlineData("from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("from=2024-01-01&to=2026-01-01&by=day", "from")]
    [InlineData("to=2900-01-01", "to")]
    [InlineData("at=2026-01-01", "at")]
    public async Task A_wrong_parameter_of_the_picture_is_named(string query, string place)
    {
        using var answer = await server.Live.GetAsync($"/v1/stages/summary.svg?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(place, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![0]!["pointer"]!);
    }
}
