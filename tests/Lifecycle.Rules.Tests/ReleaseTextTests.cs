using Lifecycle.Definitions;

namespace Lifecycle.Rules.Tests;

public sealed class ReleaseTextTests
{
    private static readonly ReleaseText Text = new("definition: 天下\n", ["journey: b\n", "journey: a\n"], null);

    [Fact]
    public void Written_and_read_it_is_the_same() => Assert.Equal(Text, ReleaseText.FromJson(Text.ToJson()));

    [Fact]
    public void The_hash_never_changes() =>
        Assert.Equal("37686ed77174be72e0f01c03ef1bc447764a39cefe10f7c9317c978f718ab31e", Text.Hash);

    [Fact]
    public void The_hash_depends_on_every_text_but_not_on_the_order_of_journeys()
    {
        Assert.Equal(Text.Hash, (Text with { Journeys = ["journey: a\n", "journey: b\n"] }).Hash);
        Assert.NotEqual(Text.Hash, (Text with { Journeys = ["journey: b\n"] }).Hash);
        Assert.NotEqual(Text.Hash, (Text with { Settings = "" }).Hash);
        Assert.NotEqual(Text.Hash, (Text with { Definition = "definition: 天上\n" }).Hash);
    }
}
