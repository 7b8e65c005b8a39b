using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>The retail sample's rules, computed by hand from the CDNOW file: for each customer every move with its millisecond.</summary>
/// <remarks>Shares no code with the engine. A rule of this sample can only change when a purchase happens or one becomes 45, 90, 180 or 365 days
/// old, or the customer 90; so brute force looks at all those instants of each customer and judges from the list of purchases.</remarks>
internal sealed class CdnowOracle
{
    private static readonly string[] Lifecycle = ["exploration", "formation", "stability", "at_risk", "lapsed", "lost"];
    private static readonly string[] Vip = ["none", "silver", "gold"];
    private static readonly int[] Ages = [45, 90, 180, 365];
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/New_York"];

    public sealed record Purchase(Instant At, LocalDate Day, decimal Revenue);

    public sealed record Move(string Customer, string Track, string Stage, Instant At);

    public IReadOnlyDictionary<string, List<Purchase>> Customers { get; }

    private CdnowOracle(Dictionary<string, List<Purchase>> customers) => Customers = customers;

    public static CdnowOracle Read(string file)
    {
        var day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
        var customers = new Dictionary<string, List<Purchase>>();
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length == 0) continue;
            var date = day.Parse(columns[1]).Value;
            if (!customers.TryGetValue("cdnow-" + columns[0], out var purchases)) customers["cdnow-" + columns[0]] = purchases = [];
            purchases.Add(new Purchase(Zone.AtStartOfDay(date).ToInstant(), date, decimal.Parse(columns[3], CultureInfo.InvariantCulture)));
        }
        foreach (var purchases in customers.Values) purchases.Sort((a, b) => a.At.CompareTo(b.At));
        return new CdnowOracle(customers);
    }

    /// <summary>All moves up to an instant, of each customer in order.</summary>
    public IEnumerable<Move> Moves(Instant until) => Customers.SelectMany(customer => MovesOf(customer.Key, customer.Value, until));

    /// <summary>Each customer's stage at an instant.</summary>
    public Dictionary<string, string> StagesAt(string track, Instant at) =>
        Moves(at).Where(move => move.Track == track).GroupBy(move => move.Customer).ToDictionary(moves => moves.Key, moves => moves.Last().Stage);

    private static List<Move> MovesOf(string customer, List<Purchase> purchases, Instant until)
    {
        var looks = purchases.SelectMany(purchase => Ages.Select(age => purchase.At + Duration.FromDays(age)).Append(purchase.At))
            .Append(purchases[0].At + Duration.FromDays(90)).Where(look => look <= until).Distinct().Order();
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
        var inYear = DaysWithin(held, now, 365);
        bool When(string stage) => stage switch
        {
            "exploration" => silence < Duration.FromDays(45),
            "formation" => days >= 2,
            "stability" => inYear >= 4 && DaysWithin(held, now, 180) >= 2 && now - held[0].At >= Duration.FromDays(90),
            "at_risk" => silence >= Duration.FromDays(45),
            "lapsed" => silence >= Duration.FromDays(90),
            _ => silence >= Duration.FromDays(365),
        };
        return Winner(Lifecycle, present, When, present == "stability" ? inYear >= 3 : When(present));
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
        return Winner(Vip, present, When, present switch { "none" => spend < 200, "silver" => spend >= 150, _ => spend >= 400 });
    }

    private static int DaysWithin(List<Purchase> held, Instant now, int days) =>
        held.Where(purchase => purchase.At > now - Duration.FromDays(days)).Select(purchase => purchase.Day).Distinct().Count();

    /// <summary>Of all stages that qualify, the last; those listed before the present one only if it does not keep its customer.</summary>
    private static string? Winner(string[] stages, string present, Func<string, bool> when, bool kept)
    {
        var index = Array.IndexOf(stages, present);
        for (var i = stages.Length - 1; i >= 0; i--)
            if (i != index && (i > index || !kept) && when(stages[i])) return stages[i];
        return null;
    }
}
