using System.Collections.Immutable;
using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Projections.Releases;

namespace Lifecycle.Projections.Tests;

public sealed class ReleaseEditTests
{
    private const string Other = "journey: other\ntrigger: enter regular\nsteps:\n  - send: { channel: webhook, template: hello }\n";

    private static readonly ReleaseText Present = SmallShop.Release with { Journeys = [.. SmallShop.Release.Journeys, Other] };

    [Fact]
    public void A_definition_alone_leaves_the_journeys_and_settings_as_they_are()
    {
        var text = Apply(Edit() with { Definition = SmallShop.Impatient.Definition });
        Assert.Equal(SmallShop.Impatient.Definition, text.Definition);
        Assert.Equal(Present.Journeys, text.Journeys);
    }

    [Fact]
    public void A_definition_of_another_name_begins_without_the_journeys_of_the_one_before_and_with_its_settings()
    {
        const string Another = "definition: another\ntracks:\n  lifecycle:\n    - stage: all\n";
        var text = Apply(Edit() with { Definition = Another });
        Assert.Empty(text.Journeys);
        Assert.Equal(Present.Settings, text.Settings);
        Assert.Equal([Other], Apply(Edit() with { Definition = Another, Journeys = [Other] }).Journeys);
    }

    [Fact]
    public void A_journey_replaces_the_one_of_its_name_and_no_other()
    {
        var next = Other.Replace("hello", "welcome", StringComparison.Ordinal);
        Assert.Equal([Present.Journeys[0], next], Apply(Edit() with { Journeys = [next] }).Journeys);
    }

    [Fact]
    public void What_is_removed_by_name_is_gone_and_nothing_else() =>
        Assert.Equal([Present.Journeys[0]], Apply(Edit() with { Removed = ["journey:other"] }).Journeys);

    [Theory]
    [InlineData("journey:another", "There is no journey 'another'; there are other, win-back.")]
    [InlineData("stage:decline", "'stage:decline' cannot be removed; write journey:NAME or settings.")]
    public void What_is_not_there_cannot_be_removed(string removed, string why) => Assert.Equal(why, (Edit() with { Removed = [removed] }).ApplyTo(Present).Problem);

    [Fact]
    public void A_map_to_a_stage_that_is_not_there_or_from_one_that_is_still_there_is_refused()
    {
        Assert.Null(Compile(Renamed with { Map = Map("decline", "nowhere") }));
        Assert.Null(Compile(Renamed with { Map = Map("regular", "lapsed") }));
        Assert.NotNull(Compile(Renamed with { Map = Map("lifecycle.decline", "lapsed") }));
    }

    [Fact]
    public void Whoever_is_in_a_stage_that_is_gone_is_stranded_unless_it_is_mapped()
    {
        StagePopulation[] people = [new("lifecycle", "decline", 3), new("lifecycle", "decline", 4), new("lifecycle", "regular", 9), new("vip", "silver", 0), new("gone", "x", 5)];
        Assert.Equal([new StagePopulation("lifecycle", "decline", 7)], StrandedStages.Of(people, Compile(Renamed)!));
        Assert.Empty(StrandedStages.Of(people, Compile(Renamed with { Map = Map("decline", "lapsed") })!));
    }

    [Fact]
    public void The_differences_of_two_releases_are_told_in_words()
    {
        var before = Compile(SmallShop.Release)!;
        var after = Compile(Renamed with { Journeys = [SmallShop.Release.Journeys[0].Replace("decline", "lapsed", StringComparison.Ordinal), Other], Map = Map("decline", "lapsed") })!;
        var changes = ReleaseDiff.Between(before, after);
        Assert.Equal([
            "The stage lifecycle.lapsed is renamed, from decline to lapsed.",
            "The stage lifecycle.lapsed when: was idle >= 14 days, is idle >= 9 days.",
            "The journey other: added.",
            "The journey win-back trigger: was enter lifecycle: decline, is enter lifecycle: lapsed.",
            "The journey win-back exit: was stage != decline, is stage != lapsed.",
        ], changes.Select(change => change.English));
        Assert.Equal("阶段 lifecycle.lapsed 改名：原为 decline 现为 lapsed。", changes[0].Chinese);
        Assert.Empty(ReleaseDiff.Between(before, before));
    }

    internal static ReleaseText Renamed => new(
        SmallShop.Release.Definition.Replace("decline", "lapsed", StringComparison.Ordinal).Replace(">= 14 days", ">= 9 days", StringComparison.Ordinal),
        [SmallShop.Release.Journeys[0].Replace("decline", "lapsed", StringComparison.Ordinal)], null);

    internal static ImmutableSortedDictionary<string, string> Map(string from, string to) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(from, to);

    private static ReleaseEdit Edit() => new(null, [], null, [], ImmutableDictionary<string, string>.Empty);

    private static ReleaseText Apply(ReleaseEdit edit)
    {
        var (text, problem) = edit.ApplyTo(Present);
        Assert.Null(problem);
        return text!;
    }

    private static Release? Compile(ReleaseText text) => ReleaseReader.Read(text, 2).Release;
}
