using System.Globalization;
using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Points by brute force: what was earned and is left, and what is owed.</summary>
public sealed class Account(Model model, Reckoner reckoner, BruteForce life, DateTimeZone zone)
{
    private readonly List<Lot> _lots = [];
    private decimal _debt;

    private sealed class Lot(decimal left, long until)
    {
        public decimal Left = left;
        public readonly long Until = until;
    }

    /// <summary>Below zero for a debt.</summary>
    public decimal Balance => Exact.Sum(_lots.Select(lot => lot.Left).Append(-_debt))!.Value;

    /// <summary>Every rule that the event matches earns. What an order of as much would earn, a refund takes back.</summary>
    public void Earn(ModelEvent e)
    {
        if (model.Points is not { } points) return;
        var track = model.Tracks.Count > 0 ? model.Tracks[0] : null;
        foreach (var rule in points.Earn)
        {
            if (rule.Event != e.Name && (rule.Event != "order_completed" || e.Name != "order_refunded")) continue;
            var undone = rule.Event != e.Name;
            var seen = undone ? e with { Properties = [.. e.Properties.Select(property => property.Name == "revenue" ? (property.Name, Opposite(property.Value)) : property)] } : e;
            if (rule.Where is { } where && !reckoner.Reckon(where, new Look(life.Now, null, seen, null)).IsTrue) continue;
            var reckoned = reckoner.Reckon(rule.Points, new Look(life.Now, track, null, seen));
            if (reckoned.IsMissing || Exact.Entering(reckoned.Amount) is not { } amount || amount == 0) continue;
            var earned = undone ? -amount : amount;
            if (earned > 0) Gain(earned, points.Expire, e.Imported && reckoner.Memory.Heard > 1 ? e.Occurred.ToUnixTimeMilliseconds() : life.Now);
            else TakeBack(-earned);
            life.Decide("points_earned", $"{Text(earned)} {Text(Balance)} {e.Name}", ("points", earned), ("event", e.Name));
        }
    }

    private static object? Opposite(object? amount) => amount switch
    {
        decimal number => -number,
        int number => -number,
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => (-number).ToString(CultureInfo.InvariantCulture),
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
