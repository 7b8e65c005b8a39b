using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Ingestion.Names;

namespace Lifecycle.Ingestion.Tests.Names;

public sealed class EventNamesTests
{
    [Theory]
    [InlineData("Order Completed", "order_completed")]
    [InlineData("orderCompleted", "order_completed")]
    [InlineData("ORDER_COMPLETED", "order_completed")]
    [InlineData("order-completed", "order_completed")]
    [InlineData("  order.completed!", "order_completed")]
    [InlineData("Purchase", "order_completed")]
    [InlineData("DID_RENEW", "subscription_renewed")]
    [InlineData("2", "subscription_renewed")]
    [InlineData("RENEWAL", "subscription_renewed")]
    [InlineData("BILLING_ISSUE", "payment_failed")]
    [InlineData("Level 2 Reached", "level_2_reached")]
    [InlineData("Guild Created", "guild_created")]
    [InlineData("注文 完了", "注文_完了")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("Größe Geändert", "größe_geändert")]
    [InlineData("!!!", "!!!")]
    public void Any_style_becomes_one_name(string raw, string expected) => Assert.Equal(expected, EventNames.Canonical(raw));

    [Theory]
    [InlineData("Stage Changed", "track_stage_changed")]
    [InlineData("profile_changed", "track_profile_changed")]
    public void A_name_that_the_log_reserves_is_set_apart(string raw, string expected) => Assert.Equal(expected, EventNames.Canonical(raw));

    [Theory]
    [InlineData("signed_up"), InlineData("session_start"), InlineData("subscription_renewed"), InlineData("order_refunded"), InlineData("account_deleted")]
    public void A_canonical_name_stays(string name) => Assert.Equal(name, EventNames.Canonical(name));

    [Fact]
    public void A_second_pass_changes_nothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), raw => EventNames.Canonical(EventNames.Canonical(raw.Get)) == EventNames.Canonical(raw.Get))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
}
