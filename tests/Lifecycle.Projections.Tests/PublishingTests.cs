using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class PublishingTests
{
    [Fact]
    public async Task A_stage_with_people_in_it_is_not_removed_without_saying_where_they_go()
    {
        await using var shop = await DecliningAsync();
        var refused = Assert.IsType<PublishResult.Strands>(await shop.Publishing.PublishAsync(shop.Tenant, ReleaseEditTests.Renamed));
        Assert.Equal([new StagePopulation("lifecycle", "decline", 3)], refused.Stages);
        Assert.Equal(1, await shop.CountAsync("release"));
    }

    [Fact]
    public async Task Whose_stage_is_renamed_goes_to_the_new_name_and_never_through_the_first()
    {
        await using var shop = await DecliningAsync();
        var mapped = ReleaseEditTests.Renamed with { Map = ReleaseEditTests.Map("decline", "lapsed") };
        Assert.IsType<PublishResult.Published>(await shop.Publishing.PublishAsync(shop.Tenant, mapped));
        await shop.SettleAsync();
        Assert.Equal("newcomer decline lapsed", await shop.StagesAsync("customer 1"));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
        // The map was said for one publication: the same texts without it are the same release.
        Assert.IsType<PublishResult.Unchanged>(await shop.Publishing.PublishAsync(shop.Tenant, ReleaseEditTests.Renamed));
    }

    [Fact]
    public async Task A_stage_that_says_what_it_was_takes_its_people_with_it()
    {
        await using var shop = await DecliningAsync();
        var renamed = ReleaseEditTests.Renamed;
        var says = renamed with { Definition = renamed.Definition.Replace("- stage: lapsed\n", "- stage: lapsed\n      was: decline\n", StringComparison.Ordinal) };
        Assert.Contains("was: decline", says.Definition, StringComparison.Ordinal);
        Assert.IsType<PublishResult.Published>(await shop.Publishing.PublishAsync(shop.Tenant, says));
        await shop.SettleAsync();
        Assert.Equal("newcomer decline lapsed", await shop.StagesAsync("customer 1"));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task An_empty_stage_may_go_without_a_word()
    {
        await using var shop = await Shop.OpenAsync();
        Assert.IsType<PublishResult.Published>(await shop.Publishing.PublishAsync(shop.Tenant, ReleaseEditTests.Renamed));
    }

    [Fact]
    public async Task Of_two_who_publish_at_once_the_second_is_told_what_the_first_changed()
    {
        await using var shop = await Shop.OpenAsync();
        var results = await Task.WhenAll(
            shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient, basedOn: 1),
            shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient with { Journeys = [] }, basedOn: 1));
        Assert.Single(results.OfType<PublishResult.Published>());
        var conflict = Assert.Single(results.OfType<PublishResult.Conflict>());
        Assert.Equal(2, conflict.Newest);
        Assert.Contains("The stage lifecycle.decline when: was idle >= 14 days, is idle >= 7 days.", conflict.Changes.Select(change => change.English));
        Assert.Equal(2, await shop.CountAsync("release"));
    }

    private static async Task<Shop> DecliningAsync()
    {
        var shop = await Shop.OpenAsync();
        await shop.SendAsync([.. Enumerable.Range(1, 3).Select(customer => shop.Order($"customer {customer}"))]);
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(16));
        await shop.SettleAsync();
        return shop;
    }
}
