using NodaTime;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>The rules of the retail template, <c>samples/shop/definition.yaml</c>, by hand: one customer's moves in its lifecycle.</summary>
/// <remarks>Every purchase of the file lies on a midnight in New York, which is 4:00 or 5:00 in UTC, and every length in the rules is whole days of
/// 24 hours. So nothing can change but at those hours at which the customer ever bought; brute force looks at them on every day.</remarks>
internal sealed class RetailOracle
{
    private static readonly string[] Stages = ["exploration", "formation", "stability", "at_risk", "lapsed", "lost"];
    private static readonly string[] Away = ["lapsed", "lost"];

    /// <summary>For how many days after the last purchase something can still change: 365 until it is lost, and 90 after the last move.</summary>
    private const int DaysAfter = 460;

    private readonly string _customer;
    private readonly List<Move> _moves = [];
    private readonly List<Purchase> _held = [];
    private readonly List<LocalDate> _days = [];
    private string _stage = "exploration";
    private Instant _now;

    // How many purchases there were when the stage was entered: what comes behind them lies in the stage, also at the same instant.
    private int _heldBefore;

    private RetailOracle(string customer) => _customer = customer;

    public static List<Move> MovesOf(string customer, List<Purchase> purchases) => new RetailOracle(customer).MovesOf(purchases);

    private List<Move> MovesOf(List<Purchase> purchases)
    {
        var first = purchases[0].At.InUtc().Date;
        var hours = purchases.Select(purchase => purchase.At.InUtc().TimeOfDay).Distinct().Order().ToList();
        var (days, next) = (Period.DaysBetween(first, purchases[^1].At.InUtc().Date) + DaysAfter, 0);
        for (var day = 0; day <= days; day++)
            foreach (var hour in hours)
            {
                _now = first.PlusDays(day).At(hour).InUtc().ToInstant();
                if (_held.Count > 0) Judge();
                for (; next < purchases.Count && purchases[next].At <= _now; next++) Take(purchases[next]);
            }
        return _moves;
    }

    private void Take(Purchase purchase)
    {
        if (purchase.At != _now) throw new InvalidOperationException($"{_customer} bought at {purchase.At}, at which nobody looked.");
        _held.Add(purchase);
        if (_held.Count == 1) Enter(_stage);
        if (_days.Count == 0 || _days[^1] != purchase.Day) _days.Add(purchase.Day);
        Judge();
    }

    private void Judge()
    {
        while (CdnowOracle.Winner(Stages, _stage, stage => MayEnter(stage) && When(stage), Keeps()) is { } next) Enter(next);
    }

    private void Enter(string stage)
    {
        (_stage, _heldBefore) = (stage, _held.Count);
        _moves.Add(new Move(_customer, "lifecycle", stage, _now));
    }

    private bool MayEnter(string stage) => !Away.Contains(_stage) || stage is not ("stability" or "at_risk");

    private bool When(string stage) => stage switch
    {
        "exploration" => _days.Count < 2,
        "formation" => _days.Count >= 2,
        "stability" => DaysIn(365) >= 4 && DaysIn(180) >= 2 && _now - _held[0].At >= Duration.FromDays(90) && (!CameBack() || DaysHere() >= 2),
        "at_risk" => IsSilent() || (SpendsLess() && DaysIn(90) >= 1 && !LeftADeclineWithin90Days()),
        "lapsed" => Silence >= Bounded(4 * OwnGap(), 90, 365),
        _ => Silence >= 365,
    };

    private bool Keeps() => _stage switch
    {
        "stability" => DaysIn(365) >= 3,
        "at_risk" => IsSilent() || (SpendsLess() && _held.Count == _heldBefore),
        _ => When(_stage),
    };

    /// <summary>In days of 24 hours.</summary>
    private double Silence => (_now - _held[^1].At).TotalDays;

    private bool IsSilent() => Silence >= (_days.Count < 2 ? 90 : Bounded(2 * OwnGap(), 45, 180));

    /// <summary>The median of the last five gaps between purchase days if there are three, else 45 days; within 7 and 180.</summary>
    private double OwnGap()
    {
        var gaps = _days.Zip(_days.Skip(1), (day, next) => Period.DaysBetween(day, next)).TakeLast(5).Order().ToArray();
        return gaps.Length < 3 ? 45 : Bounded((gaps[gaps.Length / 2] + gaps[(gaps.Length - 1) / 2]) / 2.0, 7, 180);
    }

    private bool SpendsLess() => SpentBetween(90, 0) < 0.5m * (SpentBetween(270, 90) / 2);

    private bool LeftADeclineWithin90Days() =>
        _moves.Zip(_moves.Skip(1)).Any(pair => pair.First.Stage is "at_risk" or "lapsed" or "lost" && pair.Second.At > _now - Duration.FromDays(90));

    /// <summary>Came back from lapsed or lost, and has not been stable since.</summary>
    private bool CameBack()
    {
        var back = _moves.Zip(_moves.Skip(1)).LastOrDefault(pair => Away.Contains(pair.First.Stage) && pair.Second.Stage == "formation").Second;
        return back is not null && !_moves.Exists(move => move.Stage == "stability" && move.At > back.At);
    }

    private int DaysHere() => CdnowOracle.DaysSince(_held[_heldBefore..], Instant.MinValue);

    private int DaysIn(int days) => CdnowOracle.DaysSince(_held, _now - Duration.FromDays(days));

    private decimal SpentBetween(int fromDaysAgo, int toDaysAgo)
    {
        var (after, until) = (_now - Duration.FromDays(fromDaysAgo), _now - Duration.FromDays(toDaysAgo));
        return _held.Where(purchase => purchase.At > after && purchase.At <= until).Sum(purchase => purchase.Revenue);
    }

    private static double Bounded(double value, double least, double most) => Math.Min(Math.Max(value, least), most);
}
