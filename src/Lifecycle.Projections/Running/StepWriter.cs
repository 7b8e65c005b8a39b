using Lifecycle.EventLog;
using Npgsql;

namespace Lifecycle.Projections;

/// <summary>Writes a step as one batch, which is one implicit transaction: nothing is held across a round trip.</summary>
/// <remarks>Every statement asks for the lease's epoch itself. The first one locks the lease's row, so either all of them find it or none.</remarks>
internal sealed class StepWriter(LogDatabase database)
{
    private readonly SealedStates _states = new(database);

    /// <summary>Writes all of it.</summary>
    /// <param name="effects">Whether actions and what is carried to other customers are handed on.</param>
    /// <param name="handedOver">The last input of the step where inputs were not read from the database.</param>
    /// <returns>The position of the step's last fact, 0 where it has none; null, and nothing is written, when the lease has passed to another.</returns>
    public async Task<long?> WriteAsync(Lease lease, Checkpoint checkpoint, Step step, bool effects, LogRow? handedOver, CancellationToken ct)
    {
        var states = await _states.CloseAsync(lease.Shard, step.States, ct);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Guarded("advance_lease", lease).With(checkpoint.Consumed).With(checkpoint.Swept).With(checkpoint.FiredTo));
        if (handedOver is not null)
            batch.BatchCommands.Add(Statements.InBatch("require_event").With(lease.Shard).With(handedOver.Position).With(handedOver.RecordedAt).With(handedOver.Id.Value));
        foreach (var command in Commands(lease, step, states, effects)) batch.BatchCommands.Add(command);
        if (step.Facts.Count > 0)
        {
            batch.BatchCommands.Add(LogStatements.LockHead(lease.Shard));
            batch.BatchCommands.Add(LogStatements.AppendFacts(lease, step.Facts));
        }
        var lastFact = 0L;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            // Of the answers only that of the facts has two columns; only the end of all says that the commit is on disk.
            do
            {
                while (await reader.ReadAsync(ct))
                    if (reader.FieldCount == 2 && !reader.IsDBNull(1)) lastFact = reader.GetInt64(1);
            }
            while (await reader.NextResultAsync(ct));
        }
        return batch.BatchCommands[0].RecordsAffected == 1 ? lastFact : null;
    }

    /// <summary>Puts what the step holds of its customers in the place of all that is stored of them: states, due instants and spans. Facts stay as they are.</summary>
    /// <returns>False, and nothing is written, when the lease has passed to another.</returns>
    public async Task<bool> ReplaceAsync(Lease lease, Checkpoint checkpoint, Step step, CancellationToken ct)
    {
        var due = step.Due.Select(row => row.Customer).ToHashSet();
        var notDue = step.States.Select(row => row.Customer).Where(customer => !due.Contains(customer)).ToList();
        var strays = await StraySpansAsync(lease, step, ct);
        var states = await _states.CloseAsync(lease.Shard, step.States, ct);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Guarded("advance_lease", lease).With(checkpoint.Consumed).With(checkpoint.Swept).With(checkpoint.FiredTo));
        batch.BatchCommands.Add(StoreStates(lease, states));
        if (step.Due.Count > 0) batch.BatchCommands.Add(StoreDue(lease, step.Due));
        if (notDue.Count > 0) batch.BatchCommands.Add(Guarded("drop_due", lease).WithCustomers(notDue, customer => customer));
        if (strays.Count > 0)
            batch.BatchCommands.Add(Guarded("drop_spans", lease).WithCustomers(strays, span => span.Customer)
                .WithColumn(strays, span => span.Track).WithColumn(strays, span => span.Ordinal));
        if (step.Spans.Count > 0) batch.BatchCommands.Add(WithSpans("replace_spans", lease, step.Spans));
        if (step.LookUps.Count > 0) batch.BatchCommands.Add(StoreLookUps(lease, step.LookUps));
        await batch.ExecuteNonQueryAsync(ct);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    private static IEnumerable<NpgsqlBatchCommand> Commands(Lease lease, Step step, IReadOnlyList<StateRow> states, bool effects)
    {
        if (states.Count > 0) yield return StoreStates(lease, states);
        if (step.Due.Count > 0) yield return StoreDue(lease, step.Due);
        if (step.NoLongerDue.Count > 0)
            yield return Guarded("drop_due", lease).WithCustomers(step.NoLongerDue, row => row);
        if (step.SpanEnds.Count > 0)
            yield return Guarded("close_spans", lease).WithCustomers(step.SpanEnds, row => row.Customer)
                .WithColumn(step.SpanEnds, row => row.Track)
                .WithColumn(step.SpanEnds, row => row.LeftAt.ToDateTimeUtc());
        if (step.Spans.Count > 0) yield return WithSpans("open_spans", lease, step.Spans);
        if (step.Requests.Count > 0 && effects)
            yield return Guarded("request_deliveries", lease).WithCustomers(step.Requests, row => row.Customer)
                .WithColumn(step.Requests, row => row.Key.Value)
                .WithColumn(step.Requests, row => row.RequestedAt.ToDateTimeUtc())
                .WithColumn(step.Requests, row => row.Request);
        if (step.Carried.Count > 0 && effects) yield return HandOver(lease, step.Carried);
        if (step.SetAside.Count > 0)
            yield return Guarded("set_aside", lease).WithCustomers(step.SetAside, row => row.Customer)
                .WithColumn(step.SetAside, row => row.Position)
                .WithColumn(step.SetAside, row => row.Reason);
        if (step.TakenBack.Count > 0)
            yield return Guarded("take_back", lease).WithCustomers(step.TakenBack, row => row);
        if (step.LookUps.Count > 0) yield return StoreLookUps(lease, step.LookUps);
        if (step.Erased.Count > 0)
            yield return Guarded("drop_erased", lease).WithCustomers(step.Erased, row => row);
    }

    private static NpgsqlBatchCommand StoreStates(Lease lease, IReadOnlyList<StateRow> states) => Guarded("store_states", lease)
        .WithCustomers(states, row => row.Customer)
        .WithColumn(states, row => row.LivedTo)
        .WithColumn(states, row => row.Body);

    private static NpgsqlBatchCommand StoreLookUps(Lease lease, List<LookUpRow> rows) => Guarded("store_look_ups", lease)
        .WithCustomers(rows, row => row.Customer)
        .WithColumn(rows, row => (short)row.Attribute)
        .WithColumn(rows, row => row.Hash)
        .WithColumn(rows, row => row.At.ToDateTimeUtc());

    private static NpgsqlBatchCommand StoreDue(Lease lease, List<DueRow> due) => Guarded("store_due", lease)
        .WithCustomers(due, row => row.Customer)
        .WithColumn(due, row => row.At.ToDateTimeUtc())
        .WithColumn(due, row => row.Wall);

    /// <summary>The spans that are stored from the step's first customer to its last, in the order of the key, and are not among the step's.</summary>
    private async Task<List<SpanKey>> StraySpansAsync(Lease lease, Step step, CancellationToken ct)
    {
        var own = step.Spans.Select(span => new SpanKey(span.Customer, span.Track, span.Place)).ToHashSet();
        var customers = step.States.Select(row => row.Customer).ToHashSet();
        var (strays, limit) = (new List<SpanKey>(), own.Count + 1);
        for (var after = new SpanKey(step.States[0].Customer, "", -1); ;)
        {
            var page = await database.Statement("read_spans_after").With(lease.Shard)
                .With(after.Customer.Tenant).With(after.Customer.Key.Value).With(after.Track).With(after.Ordinal).With(limit)
                .ListAsync(row => new SpanKey(new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)), row.GetString(2), row.GetInt32(3)), ct);
            strays.AddRange(page.Where(span => customers.Contains(span.Customer) && !own.Contains(span)));
            if (page.Count < limit || page[^1].Customer.CompareTo(step.States[^1].Customer) > 0) return strays;
            after = page[^1];
        }
    }

    private static NpgsqlBatchCommand WithSpans(string name, Lease lease, List<SpanRow> spans) => Guarded(name, lease)
        .WithCustomers(spans, row => row.Customer)
        .WithColumn(spans, row => row.Track)
        .WithColumn(spans, row => row.Place)
        .WithColumn(spans, row => row.Stage)
        .WithColumn(spans, row => row.EnteredAt.ToDateTimeUtc())
        .WithColumn(spans, row => row.LeftAt?.ToDateTimeUtc())
        .WithColumn(spans, row => row.Release)
        .WithColumn(spans, row => row.Fact.Value);

    private static NpgsqlBatchCommand HandOver(Lease lease, List<CarryRow> carried) => Guarded("hand_over", lease)
        .WithColumn(carried, row => row.Tenant)
        .WithColumn(carried, row => row.Id.Value)
        .WithColumn(carried, row => row.Clock.ToDateTimeUtc())
        .WithColumn(carried, row => row.Target)
        .WithColumn(carried, row => row.Hops)
        .WithColumn(carried, row => row.Name)
        .WithColumn(carried, row => row.Version)
        .WithColumn(carried, row => row.Open);

    private readonly record struct SpanKey(CustomerAddress Customer, string Track, int Ordinal);

    private static NpgsqlBatchCommand Guarded(string name, Lease lease) =>
        Statements.InBatch(name).With(lease.Shard).With(lease.Epoch).With(lease.Owner);
}

internal static class CustomerColumns
{
    /// <summary>Tenant and customer of many rows, as two arrays.</summary>
    public static NpgsqlBatchCommand WithCustomers<TRow>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, CustomerAddress> address) =>
        command.WithColumn(rows, row => address(row).Tenant).WithColumn(rows, row => address(row).Key.Value);
}
