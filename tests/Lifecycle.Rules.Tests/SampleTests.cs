using Lifecycle.Definitions;
using Lifecycle.Domain;

namespace Lifecycle.Rules.Tests;

/// <summary>The three templates compile, whole, and are what they say they are.</summary>
public sealed class SampleTests
{
    private const long Day = 24L * 3600 * 1000;

    [Fact]
    public void The_game_compiles()
    {
        var release = Sample.Compile("tianxia");
        Assert.Equal(("tianxia", "CNY", "Asia/Shanghai"), (release.Name, release.Currency, release.Zone.Id));
        Assert.Equal("exploration returned formation stability at_risk lapsed lost dormant", StagesOf(release, "lifecycle"));
        Assert.Equal("none silver gold", StagesOf(release, "vip"));
        Assert.Equal("first-steps gold miss-you something-new welcome-back win-back", JourneysOf(release));
        Assert.Equal([0.05m, 0.10m], SharesOf(release));
        Assert.Equal([("webhook", 1, Day), ("webhook", 3, 7 * Day)], release.Caps.Select(cap => (cap.Channel, cap.Requests, cap.Window)));
    }

    [Fact]
    public void The_magazine_compiles()
    {
        var release = Sample.Compile("magazine");
        Assert.Equal(("magazine", "GBP", "Europe/London"), (release.Name, release.Currency, release.Zone.Id));
        Assert.Equal("exploration formation stability at_risk lapsed lost", StagesOf(release, "lifecycle"));
        Assert.Equal("settled renewing overdue", StagesOf(release, "billing"));
        Assert.Equal("none vip", StagesOf(release, "vip"));
        Assert.Equal("collection complaint read-more renewal-monthly renewal-yearly vip win-back", JourneysOf(release));
        Assert.Equal([0.10m, 0.20m], SharesOf(release));
        Assert.Equal([("webhook", 1, 3 * Day)], release.Caps.Select(cap => (cap.Channel, cap.Requests, cap.Window)));
    }

    [Fact]
    public void The_shop_compiles()
    {
        var release = Sample.Compile("shop");
        Assert.Equal(("shop", "USD", "America/New_York"), (release.Name, release.Currency, release.Zone.Id));
        Assert.Equal("exploration formation stability at_risk lapsed lost", StagesOf(release, "lifecycle"));
        Assert.Equal("none vip", StagesOf(release, "vip"));
        Assert.Equal("reminder vip welcome-back win-back", JourneysOf(release));
        Assert.Equal([0.10m, 0.20m], SharesOf(release));
        Assert.Equal([("webhook", 1, 7 * Day)], release.Caps.Select(cap => (cap.Channel, cap.Requests, cap.Window)));
    }

    [Theory]
    [InlineData("tianxia")]
    [InlineData("magazine")]
    [InlineData("shop")]
    public void Every_stage_has_its_titles_and_the_stages_of_decline_are_one_group(string sample)
    {
        var release = Sample.Compile(sample);
        Assert.All(release.Tracks.SelectMany(track => track.Stages), stage => Assert.Equal(["en", "zh"], stage.Titles.Keys));
        var declining = release.FindTrack("lifecycle")!.Stages.SkipWhile(stage => stage.Name != "at_risk").ToList();
        Assert.All(declining, stage => Assert.Equal("decline", stage.Group));
        Assert.All(release.Tracks.SelectMany(track => track.Stages).Except(declining), stage => Assert.Null(stage.Group));
    }

    [Theory]
    [InlineData("tianxia")]
    [InlineData("magazine")]
    [InlineData("shop")]
    public void A_release_is_the_same_whatever_the_order_of_its_files(string sample)
    {
        var files = Sample.FilesOf(sample);
        Assert.Equal(ReleaseReader.ReadFiles([.. files], 1).Text!.Hash, ReleaseReader.ReadFiles([.. files.AsEnumerable().Reverse()], 1).Text!.Hash);
    }

    [Fact]
    public void A_release_without_a_definition_or_with_two_is_refused()
    {
        Assert.Contains("needs a definition", Assert.Single(ReleaseReader.ReadFiles([FileOf("tianxia/win-back.yaml")], 1).Result.Errors).Message);
        var two = ReleaseReader.ReadFiles([FileOf("shop/definition.yaml"), FileOf("tianxia/definition.yaml")], 1).Result;
        Assert.Equal("tianxia/definition.yaml", Assert.Single(two.Errors).File);
    }

    private static string StagesOf(Release release, string track) => string.Join(' ', release.FindTrack(track)!.Stages.Select(stage => stage.Name));

    /// <summary>Who is in and who is kept in, by their share of all customers.</summary>
    private static IEnumerable<decimal> SharesOf(Release release) => release.Cuts.Select(threshold => threshold.Share).Order();

    private static string JourneysOf(Release release) => string.Join(' ', release.Journeys.Select(journey => journey.Name).Order(StringComparer.Ordinal));

    private static DefinitionFile FileOf(string path) => new(path, Written.Sample(path));
}
