using Lifecycle.Definitions;

namespace Lifecycle.Rules.Tests;

public sealed class ReleaseTextTests
{
    private static readonly ReleaseText Text = new("definition: 天下\n", ["journey: b\n", "journey: a\n"], null);

    [Fact]
    public void Written_and_read_it_is_the_same() => Assert.Equal(Text, ReleaseText.FromJson(Text.ToJson()));

    [Theory]
    [InlineData("definition: a\n", "definition")]
    [InlineData("# the game\n---\ntitle: A\ndefinition: a\n", "definition")]
    [InlineData("\ufefftitle:\n  en: A\n  journey: B\n\"definition\": a\r\n", "definition")]
    [InlineData("trigger: enter a\njourney : j\nsteps: [end]\n", "journey")]
    [InlineData("caps: {}\nsettings: s\n", "settings")]
    [InlineData("definition：a\n", "definition")]
    [InlineData("definitions: a\n  definition: b\n", "")]
    [InlineData("'definition: a\n", "")]
    [InlineData("", "")]
    public void A_file_is_what_it_has_a_member_for_wherever_that_stands(string text, string kind) =>
        Assert.Equal(kind, new DefinitionFile("a.yaml", text).Kind);

    /// <summary>What <c>validate</c> reads, <c>publish</c> and a new installation read too: all ask the file.</summary>
    [Fact]
    public void A_definition_that_begins_with_its_title_is_a_release()
    {
        var (text, result) = ReleaseReader.ReadFiles([new DefinitionFile("a.yaml", "title: The game\ndefinition: game\n"),
            new DefinitionFile("b.yaml", "caps: { webhook: 1 in 1 day }\nsettings: game\n")], 1);
        Assert.Equal(("game", 1), (result.Release!.Name, result.Release.Caps.Length));
        Assert.StartsWith("title:", text!.Definition, StringComparison.Ordinal);
    }

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
