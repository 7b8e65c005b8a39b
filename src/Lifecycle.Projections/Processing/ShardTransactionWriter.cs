using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using Npgsql;

namespace Lifecycle.Projections.Processing;

/// <summary>Writes a step as one batch, which is one implicit transaction: nothing is held across a round trip.</summary>
/// <remarks>Every statement asks for the lease's epoch itself. The first one locks the lease's row, so either all of them find it or none.</remarks>
internal sealed class ShardTransactionWriter(LogDatabase database)
{
    private readonly EncryptedStates _states = new(database);

    /// <summary>Writes all of it.</summary>
    /// <param name="effects">Whether actions and what is carried to other customers are handed on.</param>
    /// <param name="handedOver">The last input of the step where inputs were not read from the database.</param>
    /// <returns>The position of the step's last fact, 0 where it has none; null, and nothing is written, when the lease has passed to
    /// another.</returns>
    public async Task<long?> WriteAsync(Lease lease, Checkpoint checkpoint, ShardTransaction transaction, bool effects, LogRow? handedOver,
        CancellationToken ct)
    {
        var states = await _states.CloseAsync(lease.Shard, transaction.States, ct);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Guarded("advance_lease", lease).With(checkpoint.Consumed).With(checkpoint.Swept).With(checkpoint.FiredTo));
        if (handedOver is not null)
            batch.BatchCommands.Add(ProjectionSql.InBatch("require_event").With(lease.Shard).With(handedOver.Position).With(handedOver.RecordedAt)
                .With(handedOver.Id.Value));
        foreach (var command in Commands(lease, transaction, states, effects)) batch.BatchCommands.Add(command);
        if (transaction.Facts.Count > 0)
        {
            batch.BatchCommands.Add(LogStatements.LockHead(lease.Shard));
            batch.BatchCommands.Add(LogStatements.AppendFacts(lease, transaction.Facts));
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

    /// <summary>Puts what the step holds of its customers in the place of all that is stored of them: states, due instants and spans. Facts stay as
    /// they are.</summary>
    /// <returns>False, and nothing is written, when the lease has passed to another.</returns>
    public async Task<bool> ReplaceAsync(Lease lease, Checkpoint checkpoint, ShardTransaction transaction, CancellationToken ct)
    {
        var due = transaction.Due.Select(row => row.Customer).ToHashSet();
        var notDue = transaction.States.Select(row => row.Customer).Where(customer => !due.Contains(customer)).ToList();
        var strays = await StraySpansAsync(lease, transaction, ct);
        var states = await _states.CloseAsync(lease.Shard, transaction.States, ct);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Guarded("advance_lease", lease).With(checkpoint.Consumed).With(checkpoint.Swept).With(checkpoint.FiredTo));
        batch.BatchCommands.Add(StoreStates(lease, states));
        if (transaction.Due.Count > 0) batch.BatchCommands.Add(StoreDue(lease, transaction.Due));
        if (notDue.Count > 0) batch.BatchCommands.Add(Guarded("drop_due", lease).WithCustomers(notDue, customer => customer));
        if (strays.Count > 0)
            batch.BatchCommands.Add(Guarded("drop_spans", lease).WithCustomers(strays, span => span.Customer)
                .WithColumn(strays, span => span.Track).WithColumn(strays, span => span.Ordinal));
        if (transaction.Spans.Count > 0) batch.BatchCommands.Add(WithSpans("replace_spans", lease, transaction.Spans));
        if (transaction.LookUps.Count > 0) batch.BatchCommands.Add(StoreLookUps(lease, transaction.LookUps));
        await batch.ExecuteNonQueryAsync(ct);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    private static IEnumerable<NpgsqlBatchCommand> Commands(Lease lease, ShardTransaction transaction, IReadOnlyList<StateRow> states, bool effects)
    {
        if (states.Count > 0) yield return StoreStates(lease, states);
        if (transaction.Due.Count > 0) yield return StoreDue(lease, transaction.Due);
        if (transaction.NoLongerDue.Count > 0)
            yield return Guarded("drop_due", lease).WithCustomers(transaction.NoLongerDue, row => row);
        if (transaction.SpanEnds.Count > 0)
            yield return Guarded("close_spans", lease).WithCustomers(transaction.SpanEnds, row => row.Customer)
                .WithColumn(transaction.SpanEnds, row => row.Track)
                .WithColumn(transaction.SpanEnds, row => row.LeftAt.ToDateTimeUtc());
        if (transaction.Spans.Count > 0) yield return WithSpans("open_spans", lease, transaction.Spans);
        if (transaction.Requests.Count > 0 && effects)
            yield return Guarded("request_deliveries", lease).WithCustomers(transaction.Requests, row => row.Customer)
                .WithColumn(transaction.Requests, row => row.Key.Value)
                .WithColumn(transaction.Requests, row => row.RequestedAt.ToDateTimeUtc())
                .WithColumn(transaction.Requests, row => row.Request);
        if (transaction.Relayed.Count > 0 && effects) yield return HandOver(lease, transaction.Relayed);
        if (transaction.Quarantined.Count > 0)
            yield return Guarded("set_aside", lease).WithCustomers(transaction.Quarantined, row => row.Customer)
                .WithColumn(transaction.Quarantined, row => row.Position)
                .WithColumn(transaction.Quarantined, row => row.Reason);
        if (transaction.Released.Count > 0)
            yield return Guarded("take_back", lease).WithCustomers(transaction.Released, row => row);
        if (transaction.LookUps.Count > 0) yield return StoreLookUps(lease, transaction.LookUps);
        if (transaction.Erased.Count > 0)
            yield return Guarded("drop_erased", lease).WithCustomers(transaction.Erased, row => row);
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

    /// <summary>The spans that are stored from the step's first customer to its last, in the order of the key, and are not among the
    /// step's.</summary>
    private async Task<List<SpanKey>> StraySpansAsync(Lease lease, ShardTransaction transaction, CancellationToken ct)
    {
        var own = transaction.Spans.Select(span => new SpanKey(span.Customer, span.Track, span.Place)).ToHashSet();
        var customers = transaction.States.Select(row => row.Customer).ToHashSet();
        var (strays, limit) = (new List<SpanKey>(), own.Count + 1);
        for (var after = new SpanKey(transaction.States[0].Customer, "", -1); ;)
        {
            var page = await database.Statement("read_spans_after").With(lease.Shard)
                .With(after.Customer.Tenant).With(after.Customer.Key.Value).With(after.Track).With(after.Ordinal).With(limit)
                .ListAsync(row => new SpanKey(new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)), row.GetString(2), row.GetInt32(3)), ct);
            strays.AddRange(page.Where(span => customers.Contains(span.Customer) && !own.Contains(span)));
            if (page.Count < limit || page[^1].Customer.CompareTo(transaction.States[^1].Customer) > 0) return strays;
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

    private static NpgsqlBatchCommand HandOver(Lease lease, List<RelayRow> carried) => Guarded("hand_over", lease)
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
        ProjectionSql.InBatch(name).With(lease.Shard).With(lease.Epoch).With(lease.Owner);
}

internal static class CustomerColumns
{
    /// <summary>Tenant and customer of many rows, as two arrays.</summary>
    public static NpgsqlBatchCommand WithCustomers<TRow>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow,
        CustomerAddress> address) =>
        command.WithColumn(rows, row => address(row).Tenant).WithColumn(rows, row => address(row).Key.Value);
}
