using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.EventLog.Partitions;

/// <summary>The partitions of customers' events: one per month of recorded time in UTC, made ahead.</summary>
internal sealed class EventMonths(DbDataSource source)
{
    private readonly ConcurrentDictionary<YearMonth, bool> _made = new();

    /// <summary>The partition of a month.</summary>
    public static string NameOf(YearMonth month) => string.Create(CultureInfo.InvariantCulture, $"event_{month.Year:0000}_{month.Month:00}");

    /// <summary>As people write it: 2026-09.</summary>
    public static string TextOf(YearMonth month) => YearMonthPattern.Iso.Format(month);

    public static YearMonth Of(Instant recordedAt) => recordedAt.InUtc().Date.ToYearMonth();

    /// <summary>The first instant of a month.</summary>
    public static Instant StartOf(YearMonth month) => month.OnDayOfMonth(1).AtMidnight().InUtc().ToInstant();

    /// <summary>Makes the partitions of the month that holds an instant and of the next. Costs nothing when this process has done so
    /// before.</summary>
    public async Task EnsureAsync(Instant recordedAt, CancellationToken ct)
    {
        var present = Of(recordedAt);
        foreach (var month in new[] { present, present.PlusMonths(1) })
        {
            if (_made.ContainsKey(month)) continue;
            var (name, values) = (NameOf(month), $"from ('{StartOf(month)}') to ('{StartOf(month.PlusMonths(1))}')");
            await LogPartitions.MakeAsync(source, "event_of_customer", name, values, $"constraint {name}_key primary key (shard, position)", ct);
            _made[month] = true;
        }
    }

    /// <summary>Forgets what this process has made, so that the next call looks again.</summary>
    public void Forget() => _made.Clear();
}
