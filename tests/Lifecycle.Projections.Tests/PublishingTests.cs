using Lifecycle.Definitions;
using Lifecycle.Domain.Events;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
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
        await using var shop = await ProjectionShop.OpenAsync();
        Assert.IsType<PublishResult.Published>(await shop.Publishing.PublishAsync(shop.Tenant, ReleaseEditTests.Renamed));
    }

    [Fact]
    public async Task Of_two_who_publish_at_once_the_second_is_told_what_the_first_changed()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        var results = await Task.WhenAll(
            shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient, basedOn: 1),
            shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient with { Journeys = [] }, basedOn: 1));
        Assert.Single(results.OfType<PublishResult.Published>());
        var conflict = Assert.Single(results.OfType<PublishResult.Conflict>());
        Assert.Equal(2, conflict.Newest);
        Assert.Contains("The stage lifecycle.decline when: was idle >= 14 days, is idle >= 7 days.", conflict.Changes.Select(change => change.English));
        Assert.Equal(2, await shop.CountAsync("release"));
    }

    [Fact]
    public async Task The_exit_of_a_journey_goes_on_when_a_later_release_has_none_of_its_aggregates()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: ToldShop.Release);
        foreach (var customer in (string[])["ann", "bob"])
            await shop.SendAsync(shop.Log.Input(customer, new ProfileChanged(Properties.Parse("""{"plan":"gold"}"""))), shop.Order(customer));
        await shop.SettleAsync();
        Assert.Equal(2, await shop.CountAsync("event where name = 'journey_started'"));

        // The next release shares no aggregate with the first, and drops the attribute that it reads.
        await PublishAsync(shop, ToldShop.Other(1));
        Assert.Equal(new EarlierJourney(1, "thanks"), Assert.Single((await shop.Releases.TextAsync(shop.Tenant.Id, 2))!.Earlier));
        await shop.SendAsync(shop.Log.Touchpoint("ann", "gift_opened", properties: """{"size":2}"""));
        await shop.SettleAsync();
        Assert.Equal("ann", await WhoLeftAsync(shop));

        // Bob is still inside two releases later, and what he is asked is folded from before.
        await shop.SendAsync(shop.Log.Touchpoint("bob", "gift_opened", properties: """{"size":1}"""));
        await PublishAsync(shop, ToldShop.Other(2));
        Assert.Equal(new EarlierJourney(1, "thanks"), Assert.Single((await shop.Releases.TextAsync(shop.Tenant.Id, 3))!.Earlier));
        await shop.SendAsync(shop.Log.Touchpoint("bob", "gift_opened", properties: """{"size":1}"""));
        await shop.SettleAsync();
        Assert.Equal("ann bob", await WhoLeftAsync(shop));

        // Nobody is inside any more: the next release keeps nothing for them.
        await PublishAsync(shop, ToldShop.Other(3));
        Assert.Empty((await shop.Releases.TextAsync(shop.Tenant.Id, 4))!.Earlier);
        Assert.True((await shop.Releases.LoadedAsync(shop.Tenant.Id, 4)).Earlier.IsEmpty);
        Assert.Empty((await new Replay(shop.Log.Log, new ReleaseStore(shop.Log.Database)).CompareAsync()).Differences);
    }

    [Fact]
    public void What_is_kept_for_earlier_journeys_is_part_of_the_hash()
    {
        var text = ToldShop.Other(1);
        Assert.NotEqual(text.Hash, (text with { Earlier = [new EarlierJourney(1, "thanks")] }).Hash);
        Assert.Equal(text with { Earlier = [new EarlierJourney(1, "thanks")] }, ReleaseText.FromJson((text with { Earlier = [new EarlierJourney(1, "thanks")] }).ToJson()));
    }

    private static async Task PublishAsync(ProjectionShop shop, ReleaseText text)
    {
        Assert.IsType<PublishResult.Published>(await shop.Publishing.PublishAsync(shop.Tenant, text));
        await shop.SettleAsync();
    }

    private static Task<string> WhoLeftAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<string>("""
        select coalesce(string_agg(customer.id, ' ' order by customer.id), '') from event join customer using (shard, tenant, customer)
        where name = 'journey_ended' and convert_from(open, 'UTF8') like '%"exit"%'
        """);

    private static async Task<ProjectionShop> DecliningAsync()
    {
        var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync([.. Enumerable.Range(1, 3).Select(customer => shop.Order($"customer {customer}"))]);
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(16));
        await shop.SettleAsync();
        return shop;
    }
}
