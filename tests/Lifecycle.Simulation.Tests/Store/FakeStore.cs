using System.Globalization;
using System.Reflection;
using Lifecycle.Delivery.Relay;
using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion;
using Lifecycle.Projections.Processing;
using Npgsql;

namespace Lifecycle.Simulation.Tests.Store;

/// <summary>What the product's statements do, done to tables in memory: one call is one transaction, whole or not at all, one after another.</summary>
/// <remarks>A statement is recognised by its text, so one that nobody taught the store is refused.</remarks>
internal sealed class FakeStore
{
    private static readonly Dictionary<string, string> Names = NamesByText();

    private readonly Stack<Action> _undo = new();
    private readonly HashSet<(CustomerPlace, short Kind, Guid Id)> _ids = [];
    private readonly HashSet<int> _touched = [];

    public FakeStore(int shards, Func<DateTime> clock)
    {
        Clock = clock;
        (Heads, Leases, Events) = (new(_undo), new(_undo), [.. Enumerable.Range(0, shards).Select(_ => new List<EventRow>())]);
        (Messages, Partitions, Months, Customers, Histories, Clocks) = (new(_undo), new(_undo), new(_undo), new(_undo), new(_undo), new(_undo));
        (States, Dues, Spans, Deliveries, Attempts) = (new(_undo), new(_undo), new(_undo), new(_undo), new(_undo));
        CutCounts = new(_undo);
        (Carries, SetAside, Refused, Tenants, Keys) = (new(_undo), new(_undo), new(_undo), new(_undo), new(_undo));
        (Releases, Endpoints, Processes, Erased, LookUps) = (new(_undo), new(_undo), new(_undo), new(_undo), new(_undo));
        for (var shard = 0; shard < shards; shard++)
        {
            Heads.Put(shard, new HeadRow(0, Milliseconds(Now)));
            Leases.Put(shard, new LeaseRow(0, null, Milliseconds(Now), 0, 0, Milliseconds(Now)));
        }
        _undo.Clear();
    }

    public Func<DateTime> Clock { get; }

    public DateTime Now => Clock();

    public Table<int, HeadRow> Heads { get; }
    public Table<int, LeaseRow> Leases { get; }
    public List<EventRow>[] Events { get; }
    public Table<MessageKey, MessageRow> Messages { get; }
    public Table<int, object> Partitions { get; }

    /// <summary>The partitions of events, by name.</summary>
    public Table<string, object> Months { get; }
    public Table<CustomerPlace, CustomerRow> Customers { get; }
    public Table<CustomerPlace, ErasedRow> Erased { get; }
    public Table<(CustomerPlace Place, short Attribute), SimulatedLookUpRow> LookUps { get; }
    public Table<(int Shard, int Tenant), HistoryRow> Histories { get; }
    public Table<(int Shard, int Tenant), ClockRow> Clocks { get; }
    public Table<CustomerPlace, SimulatedStateRow> States { get; }
    public Table<CustomerPlace, SimulatedDueRow> Dues { get; }
    public Table<SimulatedSpanKey, SimulatedSpanRow> Spans { get; }
    public Table<DeliveryKey, DeliveryRow> Deliveries { get; }
    public Table<(DeliveryKey Delivery, int Attempt), AttemptRow> Attempts { get; }
    public Table<CarryKey, CarryRow> Carries { get; }
    public Table<CutCountKey, CutCountRow> CutCounts { get; }
    public Table<CustomerPlace, SetAsideRow> SetAside { get; }
    public Table<(int Shard, Guid Id), RefusedRow> Refused { get; }
    public Table<int, TenantRow> Tenants { get; }
    public Table<Guid, KeyRow> Keys { get; }
    public Table<(int Tenant, int Number), ReleaseRow> Releases { get; }
    public Table<(int Tenant, int Number), EndpointRow> Endpoints { get; }
    public Table<Guid, ProcessRow> Processes { get; }

    /// <summary>What was found not to hold at a commit; null while all is well. The product hears nothing of it.</summary>
    public string? Broken { get; private set; }

    /// <summary>The name of a statement's file, or the beginning of its text where it has none.</summary>
    public static string NameOf(string text) => Names.GetValueOrDefault(text) ?? text[..Math.Min(40, text.Length)];

    /// <summary>Runs statements as one transaction.</summary>
    public IReadOnlyList<Answer> Execute(IReadOnlyList<Call> calls)
    {
        try
        {
            var answers = new Answer[calls.Count];
            for (var i = 0; i < answers.Length; i++) answers[i] = Execute(calls[i]);
            foreach (var shard in _touched) Check(shard);
            return answers;
        }
        catch
        {
            while (_undo.TryPop(out var undo)) undo();
            throw;
        }
        finally
        {
            _undo.Clear();
            _touched.Clear();
        }
    }

    /// <summary>Appends an event whose position the statement has computed.</summary>
    public void Append(int shard, EventRow row)
    {
        var (events, place) = (Events[shard], new CustomerPlace(shard, row.Tenant, row.Customer ?? Guid.Empty));
        if (row.Kind != 3 && Months.Find(row.RecordedAt.ToString("'event_'yyyy'_'MM", CultureInfo.InvariantCulture)) is null)
        {
            throw new PostgresException("no partition of relation \"event_of_customer\" found for row", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation,
                tableName: "event_of_customer");
        }
        if (!_ids.Add((place, row.Kind, row.Id))) Break($"The {row.Name} {row.Id} is in shard {shard} twice.");
        events.Add(row);
        _touched.Add(shard);
        _undo.Push(() =>
        {
            events.RemoveAt(events.Count - 1);
            _ids.Remove((place, row.Kind, row.Id));
        });
    }

    public bool Holds(Call call) => Leases.Find(call.Shard) is { } lease && lease.Epoch == call.Get<long>(2) && lease.Owner == call.Get<Guid>(3);

    public static DateTime Milliseconds(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);

    public static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    public static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    private Answer Execute(Call call)
    {
        var name = NameOf(call.Text);
        return LogSql.Statements.TryGetValue(name, out var statement) || LogReadingSql.Statements.TryGetValue(name, out statement)
            || StepSql.Statements.TryGetValue(name, out statement) || ProcessSql.Statements.TryGetValue(name, out statement)
            || JudgingSql.Statements.TryGetValue(name, out statement) || SimulatedDeliverySql.Statements.TryGetValue(name, out statement)
            ? statement(this, call)
            : PartitionSql.Execute(this, call) ?? throw new NotSupportedException($"The simulation's store does not know the statement {name}.");
    }

    private void Check(int shard)
    {
        var (events, head) = (Events[shard], Heads.Find(shard)!);
        if (events.Count != head.Position) Break($"Shard {shard} holds {events.Count} events and its head stands at {head.Position}.");
        for (var i = events.Count - 1; i >= 0 && i >= events.Count - 3; i--)
        {
            if (events[i].Position != i + 1) Break($"The event at place {i + 1} of shard {shard} has position {events[i].Position}.");
            if (i > 0 && events[i].RecordedAt < events[i - 1].RecordedAt) Break($"Time goes back at {i + 1} of shard {shard}.");
        }
        if (Leases.Find(shard)!.Consumed > head.Position) Break($"Shard {shard} has consumed more than there is.");
    }

    private void Break(string what) => Broken ??= what;

    private static Dictionary<string, string> NamesByText()
    {
        var names = new Dictionary<string, string>();
        foreach (var assembly in (Assembly[])[typeof(TouchpointLog).Assembly, typeof(ProcessingHost).Assembly, typeof(CrossCustomerRelay).Assembly, typeof(Intake).Assembly])
        {
            foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Sql/", StringComparison.Ordinal)))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                names[reader.ReadToEnd()] = resource[4..^4];
            }
        }
        return names;
    }
}
