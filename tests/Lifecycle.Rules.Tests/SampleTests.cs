using Lifecycle.Definitions;

namespace Lifecycle.Rules.Tests;

public sealed class SampleTests
{
    [Fact]
    public void The_shop_compiles()
    {
        var (text, result) = ReleaseReader.ReadFiles([Sample("shop/definition.yaml")], 7);
        Assert.Equal("", string.Join('\n', result.Errors));
        var release = result.Release!;
        Assert.Equal((7, "shop", "USD", "America/New_York", text!.Hash), (release.Number, release.Name, release.Currency, release.Zone.Id, release.Hash));
        Assert.Equal(["exploration", "formation", "stability", "at_risk", "lapsed", "lost"], release.FindTrack("lifecycle")!.Stages.Select(stage => stage.Name));
        Assert.Equal(["none", "silver", "gold"], release.FindTrack("vip")!.Stages.Select(stage => stage.Name));
        Assert.Equal("流失", release.FindTrack("lifecycle")!.Find("lost")!.Titles["zh"]);
        Assert.Contains(release.Metrics, metric => metric.Name == "revenue");
    }

    [Fact]
    public void The_game_compiles_whatever_the_order_of_its_files()
    {
        DefinitionFile[] files = [Sample("tianxia/settings.yaml"), Sample("tianxia/win-back.yaml"), Sample("tianxia/definition.yaml")];
        var (text, result) = ReleaseReader.ReadFiles(files, 1);
        Assert.Equal("", string.Join('\n', result.Errors));
        var journey = Assert.Single(result.Release!.Journeys);
        Assert.Equal(("win-back", 50, 3, 90L * 24 * 3600 * 1000), (journey.Name, journey.Priority, journey.Steps.Length, journey.Again.Pause));
        Assert.Equal(("lifecycle", "decline", true), (journey.Trigger.Track, Assert.Single(journey.Trigger.Stages), journey.Trigger.Entering));
        var cap = Assert.Single(result.Release.Caps);
        Assert.Equal(("webhook", 1, 24L * 3600 * 1000), (cap.Channel, cap.Requests, cap.Window));
        Assert.Equal(text!.Hash, ReleaseReader.ReadFiles([.. files.Reverse()], 1).Text!.Hash);
    }

    [Fact]
    public void A_release_without_a_definition_or_with_two_is_refused()
    {
        Assert.Contains("needs a definition", Assert.Single(ReleaseReader.ReadFiles([Sample("tianxia/win-back.yaml")], 1).Result.Errors).Message);
        var two = ReleaseReader.ReadFiles([Sample("shop/definition.yaml"), Sample("tianxia/definition.yaml")], 1).Result;
        Assert.Equal("tianxia/definition.yaml", Assert.Single(two.Errors).File);
    }

    private static DefinitionFile Sample(string path) => new(path, Written.Sample(path));
}
