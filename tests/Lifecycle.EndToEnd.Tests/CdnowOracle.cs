using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>One row of the CDNOW file: a purchase, at the first instant of its day in New York.</summary>
internal sealed record Purchase(Instant At, LocalDate Day, decimal Revenue);

/// <summary>A customer enters a stage.</summary>
internal sealed record Move(string Customer, string Track, string Stage, Instant At);

/// <summary>What rules say of the CDNOW file, computed by hand: for each customer every move with its millisecond.</summary>
internal sealed class CdnowOracle
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/New_York"];

    private CdnowOracle(Dictionary<string, List<Purchase>> customers, IReadOnlyList<Move> moves) => (Customers, Moves) = (customers, moves);

    public IReadOnlyDictionary<string, List<Purchase>> Customers { get; }

    /// <summary>All moves there are, each customer's in order.</summary>
    public IReadOnlyList<Move> Moves { get; }

    /// <param name="movesOf">A customer's moves by their purchases, the earliest first. Shares no code with the engine.</param>
    public static CdnowOracle Read(string file, Func<string, List<Purchase>, List<Move>> movesOf)
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
        return new CdnowOracle(customers, [.. customers.AsParallel().AsOrdered().SelectMany(customer => movesOf(customer.Key, customer.Value))]);
    }

    /// <summary>Each customer's stage at an instant.</summary>
    public Dictionary<string, string> StagesAt(string track, Instant at) =>
        Moves.Where(move => move.Track == track && move.At <= at).GroupBy(move => move.Customer)
            .ToDictionary(moves => moves.Key, moves => moves.Last().Stage);

    /// <summary>Of all stages that qualify, the last; those listed before the present one only if it does not keep its customer.</summary>
    public static string? Winner(string[] stages, string present, Func<string, bool> when, bool kept)
    {
        var index = Array.IndexOf(stages, present);
        for (var i = stages.Length - 1; i >= 0; i--)
            if (i != index && (i > index || !kept) && when(stages[i])) return stages[i];
        return null;
    }

    /// <summary>Days with a purchase among those after an instant.</summary>
    public static int DaysSince(List<Purchase> held, Instant after) =>
        held.Where(purchase => purchase.At > after).Select(purchase => purchase.Day).Distinct().Count();
}
