using System.Data.Common;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;

namespace Lifecycle.Projections.Queries;

/// <summary>A customer's timeline: inputs and facts in one order, by clock and then by position, each span directly after the fact by which it
/// began.</summary>
public sealed class TimelineQueries(LogDatabase database, CustomerDirectory customers)
{
    private const string StageChangedName = "stage_changed";

    /// <summary>One page. Null where the customer is not known.</summary>
    public async Task<TimelinePage?> ReadAsync(Tenant tenant, string id, TimelineQuestion question, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        var limit = Math.Clamp(question.Limit, 1, TimelineQuestion.LimitMax);
        var items = new List<TimelineItem>(limit);
        var start = question.After ?? (question.LatestFirst
            ? new TimelineCursor(Instants.Never, long.MaxValue, 0)
            : new TimelineCursor(Instants.Beginning, 0, 0));
        var (known, first) = (customers.FindAsync(tenant.Id, customer.Shard, customer.Key, ct), RowsAsync(customer, question, start, limit + 1, ct));
        await Task.WhenAll(known, first);
        if (await known is not { Key: var key }) return null;
        for (var rows = await first; ; rows = await RowsAsync(customer, question, start, limit + 1, ct))
        {
            // Read after the facts they began with, of which none may lack its span.
            var spans = (question.Wants(TimelineKind.Span) ? await SpanRows.ReadAsync(database, customer, ct) : []).ToLookup(span => span.Fact);
            foreach (var row in rows)
            {
                var skipped = row.Row.Clock == start.Clock && row.Row.Position == start.Position ? start.Taken : 0;
                var taken = 0;
                foreach (var item in Items(row.Row, row.Late, key, spans, question))
                {
                    if (taken++ < skipped) continue;
                    if (items.Count == limit) return new TimelinePage(items, new TimelineCursor(row.Row.Clock, row.Row.Position, taken - 1));
                    items.Add(item);
                }
            }
            if (rows.Count <= limit) return new TimelinePage(items, null);
            // Rows may have given fewer items than were wanted; the last one is behind us whatever it gave.
            start = new TimelineCursor(rows[^1].Row.Clock, rows[^1].Row.Position, int.MaxValue);
        }
    }

    private Task<List<(LogRow Row, bool Late)>> RowsAsync(
        CustomerRef customer, TimelineQuestion question, TimelineCursor start, int limit, CancellationToken ct)
    {
        var wanted = new List<short>();
        if (question.Wants(TimelineKind.Input)) wanted.Add((short)EventKind.Input);
        if (question.Wants(TimelineKind.Fact) || question.Wants(TimelineKind.Span)) wanted.Add((short)EventKind.Fact);
        // Spans are found by the facts they began with.
        var names = question.Kinds is [TimelineKind.Span] ? [StageChangedName]
            : question.Wants(TimelineKind.Span) ? question.Names?.Append(StageChangedName).ToArray()
            : question.Names?.ToArray();
        return database.Archive.WithAsync(customer.Shard, [customer.Address()], archived => WithRows(Query(archived.Count > 0), archived)
            .ListAsync(row => (row.GetLogRow(customer.Shard), row.GetBoolean(16)), ct), ct);

        DbCommand Query(bool withArchived) => database.Statement(
                question.LatestFirst ? "read_timeline_backward" : "read_timeline_forward", withArchived ? "with_archived_events" : null)
            .With(customer.Shard).With(customer.Tenant).With(customer.Key.Value)
            .With(question.From ?? Instants.Beginning).With(question.To ?? Instants.Never)
            .With(start.Clock).With(start.Position).With(wanted.ToArray()).With(names!).With(limit);
    }

    /// <summary>What lies in files goes into the statement, which treats it like the rest. Mostly nothing does.</summary>
    private static DbCommand WithRows(DbCommand command, IReadOnlyList<LogRow> archived) => archived.Count == 0 ? command : command
        .WithColumn(archived, row => row.Position).WithColumn(archived, row => row.RecordedAt.ToDateTimeUtc())
        .WithColumn(archived, row => row.Clock.ToDateTimeUtc()).WithColumn(archived, row => row.OccurredAt.ToDateTimeUtc())
        .WithColumn(archived, row => row.Tenant).WithColumn(archived, row => row.Customer!.Value.Value)
        .WithColumn(archived, row => (short)row.Kind).WithColumn(archived, row => row.Name).WithColumn(archived, row => row.Version)
        .WithColumn(archived, row => row.Imported).WithColumn(archived, row => (short)row.Hops).WithColumn(archived, row => row.Cause?.Value)
        .WithColumn(archived, row => row.Ordinal).WithColumn(archived, row => row.Id.Value).WithColumn(archived, row => row.Open.ToArray())
        .WithColumn(archived, row => row.Sealed?.ToArray()!);

    private static List<TimelineItem> Items(LogRow row, bool late, byte[]? key, ILookup<RecordId, StoredSpan> spans, TimelineQuestion question)
    {
        var items = new List<TimelineItem>();
        // What the program wrote down for itself tells nothing of the customer.
        if (row.Name == EventCatalog.NameOf(typeof(DecisionsKept))) return items;
        var kind = row.Kind == EventKind.Input ? TimelineKind.Input : TimelineKind.Fact;
        if (question.Wants(kind) && question.Names?.Contains(row.Name) != false)
            items.Add(RowItem(kind, row, late, JsonParts.Whole(row, key)));
        if (kind == TimelineKind.Fact && question.Wants(TimelineKind.Span))
            items.AddRange(spans[row.Id].Where(span => question.Names?.Contains(span.Stage) != false).Select(span => SpanItem(row, span)));
        if (question.LatestFirst) items.Reverse();
        return items;
    }

    private static TimelineItem SpanItem(LogRow row, StoredSpan span) => new(
        TimelineKind.Span, span.Stage, row.Id.ToString(), span.EnteredAt, row.RecordedAt, row.Clock, false, new JsonObject
        {
            ["track"] = span.Track,
            ["stage"] = span.Stage,
            ["from"] = span.EnteredAt.ToIso(),
            ["to"] = span.LeftAt?.ToIso(),
            ["release"] = span.Release,
        });

    private static TimelineItem RowItem(TimelineKind kind, LogRow row, bool late, JsonObject whole)
    {
        if (kind != TimelineKind.Input)
        {
            if (whole["because"] is JsonObject because) JsonParts.MakePlain(because);
            return Item(whole);
        }
        return Item(PropertiesOf(whole)) with { RawName = Text("raw_name"), MessageId = Text("message_id"), Group = Text("group"), Context =
            JsonParts.Take(whole, "context") };

        TimelineItem Item(JsonObject properties) =>
            new(kind, row.Name, row.Id.ToString(), row.OccurredAt, row.RecordedAt, row.Clock, late, properties);

        string? Text(string member) => whole[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }

    /// <summary>What a sender said: properties, else traits; the whole of it for inputs of another shape.</summary>
    private static JsonObject PropertiesOf(JsonObject whole) => JsonParts.Take(whole, "properties") ?? JsonParts.Take(whole, "traits") ?? whole;
}
