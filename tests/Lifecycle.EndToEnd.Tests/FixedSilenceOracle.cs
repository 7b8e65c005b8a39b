using NodaTime;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>The rules of <c>Definitions/fixed-silence.yaml</c> by hand.</summary>
/// <remarks>They can only change when a purchase happens or one becomes 45, 90, 180 or 365 days old, or the customer 90; so brute force looks at all
/// those instants of each customer and judges from the list of purchases.</remarks>
internal static class FixedSilenceOracle
{
    private static readonly string[] Lifecycle = ["exploration", "formation", "stability", "at_risk", "lapsed", "lost"];
    private static readonly string[] Vip = ["none", "silver", "gold"];
    private static readonly int[] Ages = [45, 90, 180, 365];

    public static List<Move> MovesOf(string customer, List<Purchase> purchases)
    {
        var looks = purchases.SelectMany(purchase => Ages.Select(age => purchase.At + Duration.FromDays(age)).Append(purchase.At))
            .Append(purchases[0].At + Duration.FromDays(90)).Distinct().Order();
        var (moves, known, stage, tier) = (new List<Move>(), 0, "", "");
        foreach (var look in looks)
        {
            if (known > 0) Judge();
            while (known < purchases.Count && purchases[known].At == look)
            {
                known++;
                if (known == 1)
                {
                    (stage, tier) = ("exploration", "none");
                    moves.Add(new Move(customer, "lifecycle", stage, look));
                    moves.Add(new Move(customer, "vip", tier, look));
                }
                Judge();
            }

            void Judge()
            {
                var held = purchases[..known];
                while (NextStage(held, stage, look) is { } next)
                {
                    stage = next;
                    moves.Add(new Move(customer, "lifecycle", stage, look));
                }
                while (NextTier(held, tier, look) is { } next)
                {
                    tier = next;
                    moves.Add(new Move(customer, "vip", tier, look));
                }
            }
        }
        return moves;
    }

    private static string? NextStage(List<Purchase> held, string present, Instant now)
    {
        var silence = now - held[^1].At;
        var days = held.Select(purchase => purchase.Day).Distinct().Count();
        var inYear = CdnowOracle.DaysSince(held, now - Duration.FromDays(365));
        bool When(string stage) => stage switch
        {
            "exploration" => silence < Duration.FromDays(45),
            "formation" => days >= 2,
            "stability" => inYear >= 4 && CdnowOracle.DaysSince(held, now - Duration.FromDays(180)) >= 2 && now - held[0].At >= Duration.FromDays(90),
            "at_risk" => silence >= Duration.FromDays(45),
            "lapsed" => silence >= Duration.FromDays(90),
            _ => silence >= Duration.FromDays(365),
        };
        return CdnowOracle.Winner(Lifecycle, present, When, present == "stability" ? inYear >= 3 : When(present));
    }

    private static string? NextTier(List<Purchase> held, string present, Instant now)
    {
        var spend = held.Where(purchase => purchase.At > now - Duration.FromDays(365)).Sum(purchase => purchase.Revenue);
        bool When(string tier) => tier switch
        {
            "none" => spend < 200,
            "silver" => spend >= 200,
            _ => spend >= 500,
        };
        return CdnowOracle.Winner(Vip, present, When, present switch { "none" => spend < 200, "silver" => spend >= 150, _ => spend >= 400 });
    }
}
