using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class QueryTests
{
    private static readonly Instant Start = Instant.FromUtc(2020, 1, 1, 0, 0);

    [Fact]
    public async Task A_page_reads_metrics_at_the_present_instant()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.Order("ann", 12.30m), shop.Order("ann", 100m));
        await shop.SettleAsync();
        shop.Wall.Now += Duration.FromDays(31);
        var page = (await shop.Pages.FindAsync(shop.Tenant, "ann"))!;
        Assert.Equal(["purchases", "revenue", "purchases_30d", "idle"], page.Metrics.Select(metric => metric.Key));
        Assert.Equal(["2", "112.3", "0"], page.Metrics.Take(3).Select(metric => metric.Value.ToString()));
        Assert.Equal(shop.Wall.Now, page.Clock);
        Assert.Equal(page.LastSeen + Duration.FromDays(14), page.NextReview);
        Assert.Equal(["lifecycle regular", "vip gold"], page.Tracks.Select(place => $"{place.Track} {place.Stage}"));
        Assert.Null(await shop.Pages.FindAsync(shop.Tenant, "nobody"));
    }

    [Fact]
    public async Task A_page_at_an_instant_is_as_it_was_then()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start, 60), shop.PastOrder("ann", Start + Duration.FromDays(5), 60), shop.PastOrder("ann", Start + Duration.FromDays(50), 1));
        await shop.SettleAsync();
        var then = (await shop.Pages.FindAtAsync(shop.Tenant, "ann", Start + Duration.FromDays(6)))!;
        Assert.Equal(["2", "120", "2", "P1D"], then.Metrics.Select(metric => metric.Value.ToString()));
        Assert.Equal(["lifecycle regular", "vip gold"], then.Tracks.Select(place => $"{place.Track} {place.Stage}"));
        var later = (await shop.Pages.FindAtAsync(shop.Tenant, "ann", Start + Duration.FromDays(19)))!;
        Assert.Equal("decline", later.Tracks[0].Stage);
        Assert.Null(await shop.Pages.FindAtAsync(shop.Tenant, "ann", Start - Duration.FromDays(1)));
    }

    [Fact]
    public async Task Of_what_is_said_at_one_instant_the_later_in_the_log_is_the_last_word()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        foreach (var n in Enumerable.Range(0, 20))
            await shop.SendAsync(shop.Log.Input($"c{n}", new ProfileChanged(Properties.Parse("""{"country":"CN"}"""))),
                shop.Log.Input($"c{n}", new ProfileChanged(Properties.Parse("""{"country":"TW"}"""))));
        await shop.SettleAsync();
        foreach (var n in Enumerable.Range(0, 20))
            Assert.Equal("""{"country":"TW"}""", (await shop.Pages.FindAsync(shop.Tenant, $"c{n}"))!.Attributes.ToJsonString());
    }

    [Fact]
    public async Task Attributes_are_what_was_last_said_with_what_is_sealed_opened()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await ProfileAsync(shop, "ann", """{"country":"CN","plan":"free","city":"Hangzhou"}""", """{"traits":{"email":"ann@example.com","address":{"street":"Wensan"}}}""");
        await ProfileAsync(shop, "ann", """{"plan":"paid","city":null}""", null);
        await shop.SettleAsync();
        var page = (await shop.Pages.FindAsync(shop.Tenant, "ann"))!;
        Assert.Equal("""{"country":"CN","email":"ann@example.com","address":{"street":"Wensan"},"plan":"paid"}""", page.Attributes.ToJsonString());
    }

    [Fact]
    public async Task What_was_said_of_somebody_is_found_without_reading_all_that_they_did()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await ProfileAsync(shop, "ann", """{"plan":"free"}""", null);
        for (var batch = 0; batch < 5; batch++) await shop.SendAsync([.. Enumerable.Range(0, 1000).Select(_ => shop.Order("ann"))]);
        await ProfileAsync(shop, "ann", """{"plan":"paid"}""", null);
        var ann = shop.Log.Customers.Locate(shop.Tenant, "ann");
        await using var connection = await shop.Log.Server.ConnectAsync();
        var (pages, plan) = await Explained.RunAsync(connection,
            ProjectionSql.InBatch("read_profile_changes").With(ann.Shard).With(ann.Tenant).With(ann.Key.Value).With(Instants.Never));
        Assert.Contains("\"Actual Rows\": 2,", plan, StringComparison.Ordinal);
        Assert.InRange(pages, 1, 20);
    }

    [Fact]
    public async Task A_timeline_is_one_order_of_inputs_facts_and_spans()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start), shop.PastOrder("ann", Start + Duration.FromDays(20)), shop.PastOrder("ann", Start + Duration.FromDays(21)));
        await shop.SettleAsync();
        var all = (await shop.Timelines.ReadAsync(shop.Tenant, "ann", new TimelineQuestion()))!;
        Assert.Null(all.Next);
        Assert.Equal(
            ["order_completed", "stage_changed", "newcomer", "stage_changed", "plain", "stage_changed", "decline", "order_completed", "stage_changed", "regular", "order_completed"],
            all.Items.Select(item => item.Name));
        Assert.Equal(10, (int)all.Items[0].Properties["revenue"]!);

        foreach (var latestFirst in (bool[])[false, true])
        {
            var pieces = await ReadInPagesAsync(shop, new TimelineQuestion { Limit = 2, LatestFirst = latestFirst });
            Assert.Equal(latestFirst ? all.Items.Reverse().Select(Text) : all.Items.Select(Text), pieces.Select(Text));
            var spans = await ReadInPagesAsync(shop, new TimelineQuestion { Limit = 1, LatestFirst = latestFirst, Kinds = [TimelineKind.Span] });
            Assert.Equal(4, spans.Count);
            var named = await ReadInPagesAsync(shop, new TimelineQuestion { Limit = 1, LatestFirst = latestFirst, Names = ["order_completed", "decline"] });
            Assert.Equal(latestFirst ? ["order_completed", "order_completed", "decline", "order_completed"] : ["order_completed", "decline", "order_completed", "order_completed"],
                named.Select(item => item.Name));
        }
    }

    [Fact]
    public async Task Late_is_what_occurred_before_the_customers_clock()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start + Duration.FromDays(2), id: "in order"));
        await shop.SendAsync(shop.PastOrder("ann", Start, id: "late by import"));
        await shop.SendAsync(shop.Order("bob", id: "on time"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(20));
        var beforeTheDecline = shop.Log.Touchpoint("bob", "order_completed", shop.Wall.Now - Duration.FromDays(10), id: "after a timer");
        await shop.SendAsync(beforeTheDecline, shop.Order("bob", id: "just now"));
        await shop.SettleAsync();
        Assert.Equal([true, false], (await InputsAsync(shop, "ann")).Select(item => item.Late));
        Assert.Equal([false, true, false], (await InputsAsync(shop, "bob")).Select(item => item.Late));
    }

    [Fact]
    public async Task A_summary_counts_everybody_once_now_and_then()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 3);
        await shop.SendAsync([.. Enumerable.Range(0, 10).Select(i => shop.PastOrder($"customer {i}", Start + Duration.FromDays(i)))]);
        await shop.SendAsync([.. Enumerable.Range(0, 4).Select(i => shop.PastOrder($"customer {i}", Start + Duration.FromDays(30)))]);
        await shop.SettleAsync();
        Assert.Equal("newcomer  6, regular  4, decline leaving 0", Text(await shop.Stages.SummaryAsync(shop.Tenant, null, null)));
        Assert.Equal("newcomer  4, regular  0, decline leaving 0", Text(await shop.Stages.SummaryAsync(shop.Tenant, "lifecycle", Start + Duration.FromDays(3.5))));
        Assert.Equal("newcomer  6, regular  0, decline leaving 4", Text(await shop.Stages.SummaryAsync(shop.Tenant, "lifecycle", Start + Duration.FromDays(29))));
        Assert.Null(await shop.Stages.SummaryAsync(shop.Tenant, "nothing", null));
    }

    [Fact]
    public async Task Members_are_listed_page_by_page_now_and_then()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 3);
        string[] customers = [.. Enumerable.Range(0, 11).Select(i => $"customer {i}")];
        await shop.SendAsync([.. customers.Select(customer => shop.PastOrder(customer, Start))]);
        await shop.SendAsync([.. customers.Take(5).Select(customer => shop.PastOrder(customer, Start + Duration.FromDays(30)))]);
        await shop.SettleAsync();
        Assert.Equal(customers.Take(5), await MembersAsync(shop, new MembersQuestion { Stage = "regular", Limit = 2 }));
        Assert.Equal(customers.Take(5), await MembersAsync(shop, new MembersQuestion { Stage = "leaving", At = Start + Duration.FromDays(20), Limit = 2 }));
        Assert.Equal(customers.Order(StringComparer.Ordinal), await MembersAsync(shop, new MembersQuestion { Limit = 4 }));
        Assert.Null(await shop.Stages.MembersAsync(shop.Tenant, new MembersQuestion { Stage = "nowhere" }));
    }

    [Fact]
    public async Task Each_stay_says_why_in_a_tree_and_in_words()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start), shop.PastOrder("ann", Start + Duration.FromDays(20), id: "the second"));
        await shop.SettleAsync();
        var spans = (await shop.Stages.SpansAsync(shop.Tenant, "ann"))!.Where(span => span.Track == "lifecycle").ToList();
        Assert.Equal(
            [
                "Began in newcomer.",
                "Fell to decline because 14 days passed since the last purchase (1 Jan 00:00).",
                "Returned to regular because there were 2 purchases in all (at least 2 needed) and a purchase had just taken place (21 Jan 00:00).",
            ], spans.Select(span => span.Words.English));
        Assert.Equal("降至 decline，因为距上次购买（1月1日 00:00）已过 14 天。", spans[1].Words.Chinese);
        Assert.Equal([MoveCause.Event, MoveCause.Time, MoveCause.Event], spans.Select(span => span.Cause));
        Assert.Equal(new RecordId(StableHash.Of("the second")), spans[2].CauseEvent);
        Assert.Null(spans[0].Because);
        Assert.True(spans[1].Because!.Value.IsTrue);
    }

    private static readonly Tenant One = new(1, "one", false, [1]);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("____________________________")]
    public void A_cursor_that_is_none_of_ours_is_refused(string text) => Assert.False(TimelineCursor.TryRead(One, text, out _));

    [Fact]
    public void A_cursor_reads_what_it_wrote()
    {
        var timeline = new TimelineCursor(Start, 42, 1);
        Assert.True(TimelineCursor.TryRead(One, timeline.For(One), out var read));
        Assert.Equal(timeline, read);
        Assert.False(TimelineCursor.TryRead(One with { Secret = [2] }, timeline.For(One), out _));
        var members = new MembersCursor(3, new CustomerKey(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")));
        Assert.True(MembersCursor.TryParse(members.ToString(), out var member));
        Assert.Equal(members, member);
    }

    private static async Task ProfileAsync(ProjectionShop shop, string id, string traits, string? personal)
    {
        var input = shop.Log.Input(id, new ProfileChanged(Properties.Parse(traits)));
        var keys = await shop.Log.Customers.EnsureAsync([input.Customer]);
        var closed = personal is null ? null : PersonalCipher.Encrypt(keys[input.Customer.Key], input.Id, Encoding.UTF8.GetBytes(personal), forRules: true);
        await shop.SendAsync(input with { Sealed = closed });
    }

    private static async Task<List<TimelineItem>> ReadInPagesAsync(ProjectionShop shop, TimelineQuestion question)
    {
        var items = new List<TimelineItem>();
        while (true)
        {
            var page = (await shop.Timelines.ReadAsync(shop.Tenant, "ann", question))!;
            items.AddRange(page.Items);
            if (page.Next is not { } next) return items;
            Assert.Equal(question.Limit, page.Items.Count);
            Assert.True(TimelineCursor.TryRead(shop.Tenant, next.For(shop.Tenant), out var after));
            question = question with { After = after };
        }
    }

    private static async Task<IReadOnlyList<TimelineItem>> InputsAsync(ProjectionShop shop, string customer) =>
        (await shop.Timelines.ReadAsync(shop.Tenant, customer, new TimelineQuestion { Kinds = [TimelineKind.Input] }))!.Items;

    private static async Task<IEnumerable<string>> MembersAsync(ProjectionShop shop, MembersQuestion question)
    {
        var ids = new List<string>();
        while (true)
        {
            var page = (await shop.Stages.MembersAsync(shop.Tenant, question))!;
            ids.AddRange(page.Members.Select(member => member.Id));
            if (page.Next is not { } next) return ids.Order(StringComparer.Ordinal);
            question = question with { After = next };
        }
    }

    private static string Text(TimelineItem item) => $"{item.Kind} {item.Name} {item.Id} {item.Clock} {item.Properties.ToJsonString()}";

    private static string Text(StageSummary? summary) =>
        string.Join(", ", summary!.Stages.Select(stage => $"{stage.Stage} {stage.Group} {stage.Customers}"));
}
