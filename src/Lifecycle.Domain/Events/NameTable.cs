using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lifecycle.Domain.Events;

/// <summary>What a provider calls events for which every definition has a name. A tenant's settings switch its table on; without one no event is
/// renamed but by its casing.</summary>
/// <param name="Name">As settings write it.</param>
/// <param name="Meaning">A sentence for whoever writes it.</param>
/// <param name="Names">From the provider's name in snake_case to the canonical one.</param>
public sealed record NameTable(string Name, string Meaning, FrozenDictionary<string, string> Names)
{
    /// <summary>All tables.</summary>
    public static readonly ImmutableArray<NameTable> All =
    [
        Of("segment", "Names of Segment's and Google Analytics' catalogs, such as `login` and `purchase`.",
            ("signed_up", ["sign_up", "signup", "user_signed_up", "account_created", "registered", "complete_registration"]),
            ("logged_in", ["login", "log_in", "signed_in", "sign_in", "user_logged_in"]),
            ("session_start", ["session_started"]),
            ("session_end", ["session_ended"]),
            ("trial_started", ["start_trial", "free_trial_started", "trial_start"]),
            ("trial_ended", ["trial_expired", "trial_end", "free_trial_ended"]),
            ("subscription_started", ["subscribed", "subscription_created", "subscribe"]),
            ("subscription_renewed", ["renewed"]),
            ("cancel_scheduled", ["subscription_cancelled", "subscription_canceled"]),
            ("cancel_reverted", ["subscription_reactivated"]),
            ("subscription_ended", ["subscription_expired"]),
            ("plan_changed", ["subscription_plan_changed"]),
            ("order_completed", ["purchase", "purchased", "order_placed", "in_app_purchase"]),
            ("order_refunded", ["refund", "refunded"]),
            ("checkout_started", ["begin_checkout", "initiate_checkout", "checkout_begun"]),
            ("currency_earned", ["earn_virtual_currency"]),
            ("currency_spent", ["spend_virtual_currency"]),
            ("level_up", ["leveled_up", "levelled_up"]),
            ("coupon_redeemed", ["coupon_applied"]),
            ("email_clicked", ["email_link_clicked"]),
            ("unsubscribed", ["unsubscribe", "email_unsubscribed"]),
            ("account_deleted", ["delete_account", "account_removed"])),
        Of("stripe", "Types of Stripe's events, such as `customer.subscription.created`.",
            ("subscription_started", ["customer_subscription_created"]),
            ("subscription_ended", ["customer_subscription_deleted"]),
            ("subscription_paused", ["customer_subscription_paused"]),
            ("subscription_resumed", ["customer_subscription_resumed"]),
            ("payment_failed", ["invoice_payment_failed"]),
            ("order_completed", ["checkout_session_completed"]),
            ("order_refunded", ["charge_refunded"]),
            ("chargeback", ["charge_dispute_created"])),
        Of("apple", "Types of Apple's App Store server notifications, such as `DID_RENEW`.",
            ("subscription_started", ["subscribed", "initial_buy"]),
            ("subscription_renewed", ["did_renew", "interactive_renewal"]),
            ("payment_failed", ["did_fail_to_renew"]),
            ("payment_recovered", ["did_recover"]),
            ("cancel_scheduled", ["cancel"]),
            ("plan_changed", ["did_change_renewal_pref"]),
            ("subscription_ended", ["expired", "grace_period_expired", "revoke"]),
            ("order_completed", ["one_time_charge"]),
            ("order_refunded", ["refund"])),
        Of("google", "Google Play's subscription notifications, by their names and by their numbers, such as `2`.",
            ("payment_recovered", ["1", "subscription_recovered"]),
            ("subscription_renewed", ["2"]),
            ("cancel_scheduled", ["3", "subscription_canceled"]),
            ("subscription_started", ["4", "subscription_purchased"]),
            ("payment_failed", ["5", "6", "subscription_on_hold", "subscription_in_grace_period"]),
            ("cancel_reverted", ["7", "subscription_restarted"]),
            ("subscription_paused", ["10"]),
            ("subscription_ended", ["12", "13", "subscription_revoked", "subscription_expired"])),
        Of("revenuecat", "Types of RevenueCat's webhooks, such as `RENEWAL`.",
            ("subscription_started", ["initial_purchase"]),
            ("subscription_renewed", ["renewal"]),
            ("payment_failed", ["billing_issue"]),
            ("payment_recovered", ["billing_recovered"]),
            ("cancel_scheduled", ["cancellation"]),
            ("cancel_reverted", ["uncancellation"]),
            ("subscription_ended", ["expiration"]),
            ("plan_changed", ["product_change"]),
            ("order_completed", ["non_renewing_purchase"])),
    ];

    /// <summary>The table of a name, or null.</summary>
    public static NameTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>The name under which a sender's event is stored: in snake_case, then as the first table that knows it says, and set apart where the
    /// log reserves it.</summary>
    /// <param name="raw">Not empty.</param>
    /// <param name="tables">Those that the tenant's settings switched on, in their order.</param>
    public static string StoredName(string raw, ImmutableArray<NameTable> tables)
    {
        var name = EventNaming.ToSnakeCase(raw);
        foreach (var table in tables)
        {
            if (!table.Names.TryGetValue(name, out var canonical)) continue;
            name = canonical;
            break;
        }
        return EventCatalog.TouchpointName(name);
    }

    private static NameTable Of(string name, string meaning, params (string Canonical, string[] Others)[] entries) => new(name, meaning,
        entries.SelectMany(entry => entry.Others.Select(other => (Other: other, entry.Canonical)))
            .ToFrozenDictionary(pair => pair.Other, pair => pair.Canonical));
}
