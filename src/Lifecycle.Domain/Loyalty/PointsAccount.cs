using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Loyalty;

/// <summary>Points that expire at one instant, as far as they are left: those of one date of the zone.</summary>
/// <param name="Expires">In milliseconds since 1970; <see cref="Instants.NeverMilliseconds"/> for never.</param>
public readonly record struct PointsLot(long Expires, ExactTotal Points);

/// <summary>A customer's points: lots that expire, or a debt that is to be earned back first.</summary>
public sealed class PointsAccount
{
    /// <summary>As many lots as are told apart; beyond, the two that expire first become one, which lasts as long as the later of them.</summary>
    public const int LotsMax = 1024;

    /// <summary>In the order in which they expire.</summary>
    public List<PointsLot> Lots { get; } = [];

    /// <summary>What was taken back beyond what there was; 0 or more, and 0 while there are lots.</summary>
    public ExactTotal Debt { get; private set; }

    /// <summary>What the customer has; below zero for a debt.</summary>
    public decimal Balance { get; private set; }

    /// <summary>When points next expire; <see cref="Instants.NeverMilliseconds"/> if none do.</summary>
    public long NextExpiry => Lots.Count > 0 ? Lots[0].Expires : Instants.NeverMilliseconds;

    /// <summary>When points expire that are earned at an instant: at the end of its date in the zone, so many days later, and what is less than a day
    /// after that.</summary>
    /// <param name="expire">In milliseconds; null for never.</param>
    public static long ExpiryOf(Instant earned, long? expire, DateTimeZone zone)
    {
        var last = Instants.Never.InUtc().Date;
        var date = Dates.Of(earned, zone);
        if (expire is not { } time || time / Durations.Day >= Period.DaysBetween(date, last) - 1) return Instants.NeverMilliseconds;
        var end = Dates.StartOf(date.PlusDays((int)(time / Durations.Day) + 1), zone);
        return end.After(time % Durations.Day).ToUnixTimeMilliseconds();
    }

    /// <summary>When points expire next after an instant; <see cref="Instants.NeverMilliseconds"/> if none do.</summary>
    public long ExpiryAfter(long instant)
    {
        foreach (var lot in Lots)
            if (lot.Expires > instant) return lot.Expires;
        return Instants.NeverMilliseconds;
    }

    /// <summary>When the last of those points expire that do; the beginning of time where none do.</summary>
    internal long LastExpiry
    {
        get
        {
            var last = long.MinValue;
            foreach (var lot in Lots)
                if (lot.Expires < Instants.NeverMilliseconds) last = lot.Expires;
            return last;
        }
    }

    /// <summary>How many points expire after an instant and no later than so long after it.</summary>
    public decimal Expiring(long now, long length)
    {
        var expiring = default(ExactTotal);
        foreach (var lot in Lots)
            if (lot.Expires > now && lot.Expires <= now + length && lot.Expires < Instants.NeverMilliseconds)
                expiring += lot.Points;
        return expiring.ToDecimal() ?? Balance;
    }

    /// <param name="points">More than zero.</param>
    public void Earn(decimal points, long expires)
    {
        var earned = ExactTotal.Of(points);
        var paid = earned < Debt ? earned : Debt;
        Debt -= paid;
        if (earned > paid) Add(new PointsLot(expires, earned - paid));
        Count();
    }

    /// <summary>Takes points away, those that expire soonest first; what is not there becomes a debt.</summary>
    public void TakeBack(decimal points)
    {
        var left = ExactTotal.Of(points);
        while (left > default(ExactTotal) && Lots.Count > 0)
        {
            var taken = left < Lots[0].Points ? left : Lots[0].Points;
            left -= taken;
            if (taken == Lots[0].Points) Lots.RemoveAt(0);
            else Lots[0] = Lots[0] with { Points = Lots[0].Points - taken };
        }
        Debt += left;
        Count();
    }

    /// <summary>Removes what has expired by an instant and answers how much that was.</summary>
    public decimal Expire(long now)
    {
        var expired = default(ExactTotal);
        while (Lots.Count > 0 && Lots[0].Expires <= now)
        {
            expired += Lots[0].Points;
            Lots.RemoveAt(0);
        }
        Count();
        return Numbers.Stored(expired.ToDecimal() ?? 0);
    }

    /// <summary>Restores what was stored.</summary>
    internal void Restore(IEnumerable<PointsLot> lots, ExactTotal debt)
    {
        Lots.AddRange(lots);
        Debt = debt;
        Count();
    }

    private void Add(PointsLot lot)
    {
        var index = Lots.Count;
        while (index > 0 && Lots[index - 1].Expires > lot.Expires) index--;
        if (index > 0 && Lots[index - 1].Expires == lot.Expires) Lots[index - 1] = lot with { Points = Lots[index - 1].Points + lot.Points };
        else Lots.Insert(index, lot);
        if (Lots.Count <= LotsMax) return;
        Lots[1] = Lots[1] with { Points = Lots[0].Points + Lots[1].Points };
        Lots.RemoveAt(0);
    }

    private void Count()
    {
        var balance = -Debt;
        foreach (var lot in Lots) balance += lot.Points;
        Balance = balance.ToDecimal() ?? Balance;
    }
}
