using System.Globalization;
using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Points by brute force: what was earned and is left, and what is owed.</summary>
public sealed class Account(Model model, Reckoner reckoner, BruteForce life, DateTimeZone zone)
{
    private readonly List<Lot> _lots = [];
    private readonly Dictionary<string, OracleOrder> _orders = [];
    private decimal _debt;

    private sealed class OracleOrder
    {
        public decimal Earned, Refunded, Taken;
        public decimal? Amount = 0;
    }

    private sealed class Lot(decimal left, long until)
    {
        public decimal Left = left;
        public readonly long Until = until;
    }

    /// <summary>Below zero for a debt.</summary>
    public decimal Balance => Exact.Sum(_lots.Select(lot => lot.Left).Append(-_debt))!.Value;

    /// <summary>Every rule that the event matches earns; a refund takes back what its order earned, or where it names none what an order of as much would.</summary>
    public void Earn(ModelEvent e)
    {
        if (model.Points is not { } points) return;
        if (e.Name is "order_refunded" or "chargeback")
        {
            Refund(e, points);
            return;
        }
        var total = 0m;
        foreach (var rule in points.Earn.Where(rule => rule.Event == e.Name))
        {
            var earned = Worth(rule, e);
            if (earned == 0) continue;
            total += earned;
            Change(earned, points, e);
        }
        if (total <= 0 || e.Name != "order_completed" || OrderOf(e) is not { } id) return;
        if (!_orders.TryGetValue(id, out var order)) _orders[id] = order = new OracleOrder();
        order.Earned += total;
        order.Amount += Amount(e);
    }

    private void Refund(ModelEvent e, ModelPoints points)
    {
        if (OrderOf(e) is { } id)
        {
            if (!_orders.TryGetValue(id, out var order)) return;
            var due = order.Earned;
            if (Amount(e) is { } back && order.Amount is > 0 and var whole)
            {
                order.Refunded += back;
                if (order.Refunded < whole) due = order.Earned * (order.Refunded / whole);
            }
            due = Exact.Rounded(due);
            if (due <= order.Taken) return;
            Change(order.Taken - due, points, e);
            order.Taken = due;
            return;
        }
        var turned = e with { Properties = [.. e.Properties.Select(property => property.Name == "revenue" ? (property.Name, Opposite(property.Value)) : property)] };
        foreach (var rule in points.Earn.Where(rule => rule.Event == "order_completed"))
            if (Worth(rule, turned) is > 0 and var worth) Change(-worth, points, e);
    }

    private decimal Worth(Earning rule, ModelEvent e)
    {
        var track = model.Tracks.Count > 0 ? model.Tracks[0] : null;
        if (rule.Where is { } where && !reckoner.Reckon(where, new Look(life.Now, null, e, null)).IsTrue) return 0;
        return reckoner.Reckon(rule.Points, new Look(life.Now, track, null, e)) is { IsMissing: false } worth
            ? Exact.Entering(worth.Amount) ?? 0 : 0;
    }

    private void Change(decimal points, ModelPoints rules, ModelEvent e)
    {
        if (points > 0) Gain(points, rules.Expire, e.Imported && reckoner.Memory.Heard > 1 ? e.Occurred.ToUnixTimeMilliseconds() : life.Now);
        else TakeBack(-points);
        life.Decide("points_earned", $"{Text(points)} {Text(Balance)} {e.Name}", ("points", points), ("event", e.Name));
    }

    private static string? OrderOf(ModelEvent e) => e.Find("order_id") switch
    {
        string { Length: > 0 } text => text,
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        _ => null,
    };

    private decimal? Amount(ModelEvent e) =>
        Readings.Read(e, "revenue", "money", zone) is { IsMissing: false } revenue ? Math.Abs(revenue.Amount) : null;

    /// <summary>When the points that expire first do; null where none do.</summary>
    public long? NextExpiry(long now) => _lots.Where(lot => lot.Until > now && lot.Until < long.MaxValue).Select(lot => (long?)lot.Until).Min();

    public decimal Expiring(long now, long within) => Exact.Sum(_lots.Where(lot => lot.Until > now && lot.Until <= now + within && lot.Until < long.MaxValue)
        .Select(lot => lot.Left)) ?? 0;

    private static object? Opposite(object? amount) => amount switch
    {
        decimal number => Math.Abs(number),
        int number => Math.Abs(number),
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Math.Abs(number).ToString(CultureInfo.InvariantCulture),
        _ => amount,
    };

    public void Expire()
    {
        var gone = Exact.Sum(_lots.Where(lot => lot.Until <= life.Now).Select(lot => lot.Left))!.Value;
        _lots.RemoveAll(lot => lot.Until <= life.Now);
        if (gone > 0) life.Decide("points_expired", $"{Text(gone)} {Text(Balance)}", ("points", gone));
    }

    public void Ends(long now, List<bool> truths)
    {
        foreach (var lot in _lots) truths.Add(now >= lot.Until);
    }

    /// <summary>A debt is paid first.</summary>
    private void Gain(decimal points, int? expire, long from)
    {
        var paid = Math.Min(_debt, points);
        _debt -= paid;
        if (points > paid) _lots.Add(new Lot(points - paid, expire is { } hours ? EndOf(from, hours) : long.MaxValue));
    }

    /// <summary>What is earned on one date ends together: at the end of that date so many days later, and the hours that are no whole day after that.</summary>
    private long EndOf(long from, int hours) =>
        Readings.StartOf(Readings.DateAt(from, zone).PlusDays(hours / 24 + 1), zone) + hours % 24 * BruteForce.Hour;

    /// <summary>From what expires soonest, which is the oldest; what is not there becomes a debt.</summary>
    private void TakeBack(decimal points)
    {
        foreach (var lot in _lots.OrderBy(lot => lot.Until))
        {
            var taken = Math.Min(lot.Left, points);
            lot.Left -= taken;
            points -= taken;
        }
        _lots.RemoveAll(lot => lot.Left == 0);
        _debt += points;
    }

    public static string Text(decimal number) => number.ToString("0.##########", CultureInfo.InvariantCulture);
}
