using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Sql;
using NodaTime;

namespace Lifecycle.EventLog.Log;

/// <summary>What the database answered to an append.</summary>
/// <param name="Outcomes">Of each input, in their order; none when the database has no such shard.</param>
/// <param name="RecordedAt">Of the events that are new.</param>
internal sealed record AppendAnswer(IReadOnlyList<AppendOutcome> Outcomes, Instant RecordedAt)
{
    /// <summary>The rows of the new events as the log holds them, or none where that takes more than is known here: imported history may open with an
    /// event of its own, and a test tenant's clock is in the database.</summary>
    public IReadOnlyList<LogRow> RowsOf(IReadOnlyList<NewInput> inputs)
    {
        var rows = new List<LogRow>(inputs.Count);
        for (var place = 0; place < inputs.Count; place++)
        {
            var (input, outcome) = (inputs[place], Outcomes[place]);
            if (input.Imported || input.Test) return [];
            if (outcome.Result != AppendResult.Appended) continue;
            rows.Add(new LogRow(outcome.Shard, outcome.Position, RecordedAt, RecordedAt, Instants.Earlier(Stored(input.OccurredAt), RecordedAt),
                input.Customer.Tenant, input.Customer.Key, EventKind.Input, input.Name, input.Version, input.Imported, input.Hops,
                Cause: null, Ordinal: null, input.Id, input.Open, input.Sealed is { } @sealed ? @sealed : (ReadOnlyMemory<byte>?)null));
        }
        return rows;
    }

    /// <summary>An instant as it is read back: whole microseconds, and not before the earliest that is stored.</summary>
    private static Instant Stored(Instant occurredAt)
    {
        var time = Instants.Later(occurredAt, LogStatements.OccurredAtMin).ToDateTimeUtc();
        return Instant.FromDateTimeUtc(time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)));
    }
}
