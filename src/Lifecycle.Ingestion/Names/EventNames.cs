using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Lifecycle.Domain.Events;

namespace Lifecycle.Ingestion.Names;

/// <summary>From the name a sender gave to the name under which an event is stored: snake_case, then the canonical name where an alias is known.</summary>
public static class EventNames
{
    /// <summary>The name in the log: <c>Order Completed</c>, <c>orderCompleted</c> and <c>ORDER_COMPLETED</c> are all <c>order_completed</c>.</summary>
    /// <param name="raw">Not empty. A name without a letter or digit stays as it is.</param>
    public static string Canonical(string raw)
    {
        var name = Snake(raw);
        return EventCatalog.TouchpointName(Aliases.GetValueOrDefault(name, name));
    }

    /// <summary>Lower case, with underscores wherever something other than a letter, digit or mark stood, and where a capital follows a
    /// small letter.</summary>
    /// <remarks>Letters of every script are kept. A second pass changes nothing.</remarks>
    public static string Snake(string raw)
    {
        if (IsSnake(raw)) return raw;
        var name = new StringBuilder(raw.Length + 4);
        Span<char> letters = stackalloc char[2];
        var previousIsLower = false;
        var gap = false;
        foreach (var rune in raw.EnumerateRunes())
        {
            if (!IsWordPart(rune))
            {
                (gap, previousIsLower) = (true, false);
                continue;
            }
            var lower = Rune.ToLowerInvariant(rune);
            if (name.Length > 0 && (gap || (previousIsLower && lower != rune))) name.Append('_');
            name.Append(letters[..lower.EncodeToUtf16(letters)]);
            (gap, previousIsLower) = (false, Rune.IsLower(rune));
        }
        return name.Length == 0 ? raw : name.ToString();
    }

    /// <summary>Whether it is surely in its last form already, as what an SDK sends mostly is.</summary>
    private static bool IsSnake(string raw)
    {
        var previous = '_';
        foreach (var letter in raw)
        {
            if (letter == '_' ? previous == '_' : !(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))) return false;
            previous = letter;
        }
        return previous != '_';
    }

    private static bool IsWordPart(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    // Google's subscription notifications have numbers for names; nobody else's events do.
    private static readonly FrozenDictionary<string, string> Aliases = new (string Canonical, string[] Others)[]
    {
        ("signed_up", ["sign_up", "signup", "user_signed_up", "account_created", "registered", "complete_registration"]),
        ("logged_in", ["login", "log_in", "signed_in", "sign_in", "user_logged_in"]),
        ("session_start", ["session_started"]),
        ("session_end", ["session_ended"]),
        ("trial_started", ["start_trial", "free_trial_started", "trial_start"]),
        ("trial_ended", ["trial_expired", "trial_end", "free_trial_ended"]),
        ("subscription_started", ["subscribed", "initial_purchase", "subscription_created", "subscribe", "4"]),
        ("subscription_renewed", ["did_renew", "renewal", "renewed", "2"]),
        ("payment_failed", ["did_fail_to_renew", "billing_issue", "invoice_payment_failed", "5", "6"]),
        ("payment_recovered", ["did_recover", "billing_recovered", "1"]),
        ("cancel_scheduled", ["cancellation", "subscription_cancelled", "subscription_canceled", "3"]),
        ("cancel_reverted", ["uncancellation", "subscription_reactivated", "7"]),
        ("subscription_ended", ["expired", "expiration", "grace_period_expired", "revoke", "subscription_expired", "12", "13"]),
        ("subscription_paused", ["10"]),
        ("plan_changed", ["product_change", "did_change_renewal_pref", "subscription_plan_changed"]),
        ("order_completed", ["purchase", "purchased", "order_placed", "non_renewing_purchase", "in_app_purchase"]),
        ("order_refunded", ["refund", "refunded"]),
        ("checkout_started", ["begin_checkout", "initiate_checkout", "checkout_begun"]),
        ("currency_earned", ["earn_virtual_currency"]),
        ("currency_spent", ["spend_virtual_currency"]),
        ("level_up", ["leveled_up", "levelled_up"]),
        ("coupon_redeemed", ["coupon_applied"]),
        ("email_clicked", ["email_link_clicked"]),
        ("unsubscribed", ["unsubscribe", "email_unsubscribed"]),
        ("account_deleted", ["delete_account", "account_removed"]),
    }.SelectMany(entry => entry.Others.Select(other => (other, entry.Canonical))).ToFrozenDictionary(pair => pair.other, pair => pair.Canonical);
}
