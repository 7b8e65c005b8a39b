using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Loyalty;

/// <summary>What one order earned, and how much of it was taken back.</summary>
/// <param name="Order">A hash of the event's name and the order's id.</param>
/// <param name="Earned">Points, above zero.</param>
/// <param name="Amount">What the order came to; null where that is not known of all its parts.</param>
/// <param name="ByQuantity">The amount is a quantity, not a revenue.</param>
/// <param name="Refunded">How much of the amount was given back so far.</param>
/// <param name="Taken">How many points were taken back so far, at most as many as were earned.</param>
public sealed record OrderPoints(RecordId Order, decimal Earned, decimal? Amount, bool ByQuantity = false, decimal Refunded = 0, decimal Taken = 0)
{
    /// <summary>As many orders as are remembered, the last ones that earned; a refund of an earlier one takes nothing back.</summary>
    public const int OrdersMax = 256;

    /// <summary>The order that an event names by its property <c>order_id</c>; null where it names none.</summary>
    /// <param name="order">The name of the event that an order is.</param>
    public static RecordId? Named(string order, Occurrence occurrence) => occurrence.Properties.Get(["order_id"]) switch
    {
        { Type: RuleType.Text, Text: { Length: > 0 } id } => new RecordId(StableHash.Of("order", order, id)),
        { Type: RuleType.Number } number => new RecordId(StableHash.Of("order", order, number.ToString())),
        _ => null,
    };

    /// <summary>What an order or a refund comes to, whichever sign it has: its <c>revenue</c>, else its <c>quantity</c>; null where that is not
    /// known.</summary>
    public static (decimal? Amount, bool ByQuantity) AmountOf(Occurrence occurrence, Release release)
    {
        var byQuantity = !occurrence.Properties.Has("revenue");
        var amount = occurrence.Read([byQuantity ? "quantity" : "revenue"], RuleType.Number, isMoney: !byQuantity, release);
        return (amount.IsMissing ? null : Math.Abs(amount.Magnitude), byQuantity);
    }

    /// <summary>The same order after some more of it earned.</summary>
    public OrderPoints And(decimal earned, (decimal? Amount, bool ByQuantity) more) => this with
    {
        Earned = Numbers.Stored(Numbers.Add(Earned, earned) ?? Earned),
        Amount = Amount is { } amount && more.Amount is { } further && more.ByQuantity == ByQuantity && Numbers.Add(amount, further) is { } whole
            ? Numbers.Stored(whole) : null,
    };

    /// <summary>The same order after a refund. Points go back in the proportion in which the amount went back, and all of them where either amount is
    /// not known.</summary>
    public OrderPoints After((decimal? Amount, bool ByQuantity) refund)
    {
        var isShare = Amount is > 0 && refund.Amount is not null && refund.ByQuantity == ByQuantity;
        var refunded = isShare ? Numbers.Stored(Numbers.Add(Refunded, refund.Amount!.Value) ?? Refunded) : Refunded;
        var share = isShare && refunded < Amount ? Numbers.Multiply(Earned, refunded / Amount!.Value) ?? Earned : Earned;
        return this with { Refunded = refunded, Taken = Math.Max(Taken, Numbers.Stored(share)) };
    }
}
