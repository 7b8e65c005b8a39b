using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Rules.Checking;
using static Lifecycle.Ingestion.Tests.Segment.Messages;

namespace Lifecycle.Ingestion.Tests.Names;

public sealed class EventNamesTests
{
    [Theory]
    [InlineData("Order Completed", "order_completed")]
    [InlineData("orderCompleted", "order_completed")]
    [InlineData("ORDER_COMPLETED", "order_completed")]
    [InlineData("order-completed", "order_completed")]
    [InlineData("  order.completed!", "order_completed")]
    [InlineData("Level 2 Reached", "level_2_reached")]
    [InlineData("Guild Created", "guild_created")]
    [InlineData("注文 完了", "注文_完了")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("Größe Geändert", "größe_geändert")]
    [InlineData("!!!", "!!!")]
    public void Any_style_becomes_one_name(string raw, string expected) => Assert.Equal(expected, NameTable.StoredName(raw, []));

    [Theory]
    [InlineData("login", "login")]
    [InlineData("purchase", "purchase")]
    [InlineData("expired", "expired")]
    [InlineData("subscribed", "subscribed")]
    [InlineData("cancellation", "cancellation")]
    [InlineData("3", "3")]
    [InlineData("Account Removed", "account_removed")]
    [InlineData("DID_RENEW", "did_renew")]
    [InlineData("refund", "refund")]
    public void A_name_is_changed_by_its_casing_alone(string raw, string expected)
    {
        Assert.Equal(expected, NameTable.StoredName(raw, []));
        Assert.Equal(expected, Accepted($$"""{"type":"track","event":"{{raw}}","userId":"u"}""").Name);
    }

    [Theory]
    [InlineData("segment", "login", "logged_in")]
    [InlineData("segment", "Account Removed", "account_deleted")]
    [InlineData("segment", "2", "2")]
    [InlineData("stripe", "customer.subscription.deleted", "subscription_ended")]
    [InlineData("apple", "DID_RENEW", "subscription_renewed")]
    [InlineData("apple", "EXPIRED", "subscription_ended")]
    [InlineData("apple", "2", "2")]
    [InlineData("google", "2", "subscription_renewed")]
    [InlineData("google", "SUBSCRIPTION_REVOKED", "subscription_ended")]
    [InlineData("google", "purchase", "purchase")]
    [InlineData("revenuecat", "CANCELLATION", "cancel_scheduled")]
    public void A_table_that_is_switched_on_knows_its_providers_names(string table, string raw, string expected)
    {
        var contract = new SenderContract { Names = [NameTable.Find(table)!] };
        Assert.Equal(expected, Accepted($$"""{"type":"track","event":"{{raw}}","userId":"u"}""", contract: contract).Name);
    }

    [Fact]
    public void Of_several_tables_the_first_that_knows_the_name_decides()
    {
        var (apple, google) = (NameTable.Find("apple")!, NameTable.Find("google")!);
        Assert.Equal("subscription_renewed", NameTable.StoredName("2", [apple, google]));
        Assert.Equal("order_refunded", NameTable.StoredName("REFUND", [google, apple]));
    }

    [Fact]
    public void Every_name_that_a_table_gives_is_canonical_and_none_is_renamed_by_another_table()
    {
        foreach (var table in NameTable.All)
        {
            Assert.Subset(Vocabulary.CanonicalEvents.ToHashSet(), table.Names.Values.ToHashSet());
            Assert.DoesNotContain(table.Names.Keys, Vocabulary.CanonicalEvents.Contains);
            Assert.All(table.Names.Keys, name => Assert.Equal(name, EventNaming.ToSnakeCase(name)));
            Assert.True(table.Name == "google" || !table.Names.Keys.Any(name => name.All(char.IsAsciiDigit)), $"{table.Name} has numbers.");
        }
    }

    [Theory]
    [InlineData("Stage Changed", "track_stage_changed")]
    [InlineData("profile_changed", "track_profile_changed")]
    public void A_name_that_the_log_reserves_is_set_apart(string raw, string expected) => Assert.Equal(expected, NameTable.StoredName(raw, []));

    [Fact]
    public void A_second_pass_changes_nothing()
    {
        var tables = NameTable.All;
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), raw =>
                NameTable.StoredName(NameTable.StoredName(raw.Get, tables), tables) == NameTable.StoredName(raw.Get, tables))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }
}
