using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;

namespace Lifecycle.Domain.Loyalty;

/// <summary>Points earned at one instant, as far as they are left.</summary>
/// <param name="Expires">In milliseconds since 1970; <see cref="Instants.NeverMilliseconds"/> for never.</param>
public readonly record struct Lot(long Expires, decimal Points);

/// <summary>A customer's points: lots that expire, or a debt that is to be earned back first.</summary>
public sealed class PointsAccount
{
    /// <summary>As many lots as are told apart; beyond, the two that expire first become one, which lasts as long as the later of them.</summary>
    public const int LotsMax = 512;

    /// <summary>In the order in which they expire.</summary>
    public List<Lot> Lots { get; } = [];

    /// <summary>What was taken back beyond what there was; 0 or more, and 0 while there are lots.</summary>
    public decimal Debt { get; set; }

    /// <summary>What the customer has; below zero for a debt.</summary>
    public decimal Balance { get; private set; }

    /// <summary>When points next expire; <see cref="Instants.NeverMilliseconds"/> if none do.</summary>
    public long NextExpiry => Lots.Count > 0 ? Lots[0].Expires : Instants.NeverMilliseconds;

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
        var expiring = 0m;
        foreach (var lot in Lots)
            if (lot.Expires > now && lot.Expires <= now + length && lot.Expires < Instants.NeverMilliseconds)
                expiring = Numbers.Add(expiring, lot.Points) ?? expiring;
        return expiring;
    }

    public void Earn(decimal points, long expires)
    {
        var paid = Math.Min(points, Debt);
        Debt -= paid;
        if (points > paid) Add(new Lot(expires, points - paid));
        Count();
    }

    /// <summary>Takes points away, those that expire soonest first; what is not there becomes a debt.</summary>
    public void TakeBack(decimal points)
    {
        while (points > 0 && Lots.Count > 0)
        {
            var taken = Math.Min(points, Lots[0].Points);
            points -= taken;
            if (taken == Lots[0].Points) Lots.RemoveAt(0);
            else Lots[0] = Lots[0] with { Points = Lots[0].Points - taken };
        }
        Debt = Numbers.Add(Debt, points) ?? Debt;
        Count();
    }

    /// <summary>Removes what has expired by an instant and answers how much that was.</summary>
    public decimal Expire(long now)
    {
        var expired = 0m;
        while (Lots.Count > 0 && Lots[0].Expires <= now)
        {
            expired = Numbers.Add(expired, Lots[0].Points) ?? expired;
            Lots.RemoveAt(0);
        }
        Count();
        return expired;
    }

    /// <summary>Restores what was stored.</summary>
    internal void Restore(IEnumerable<Lot> lots, decimal debt)
    {
        Lots.AddRange(lots);
        Debt = debt;
        Count();
    }

    private void Add(Lot lot)
    {
        var index = Lots.Count;
        while (index > 0 && Lots[index - 1].Expires > lot.Expires) index--;
        if (index > 0 && Lots[index - 1].Expires == lot.Expires) Lots[index - 1] = lot with { Points = Numbers.Add(Lots[index - 1].Points, lot.Points) ?? lot.Points };
        else Lots.Insert(index, lot);
        if (Lots.Count <= LotsMax) return;
        Lots[1] = Lots[1] with { Points = Numbers.Add(Lots[0].Points, Lots[1].Points) ?? Lots[1].Points };
        Lots.RemoveAt(0);
    }

    private void Count()
    {
        Balance = -Debt;
        foreach (var lot in Lots) Balance = Numbers.Add(Balance, lot.Points) ?? Balance;
    }
}
