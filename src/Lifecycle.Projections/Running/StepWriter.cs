using Lifecycle.EventLog;
using Npgsql;

namespace Lifecycle.Projections;

/// <summary>Writes a step as one batch, which is one implicit transaction: nothing is held across a round trip.</summary>
/// <remarks>Every statement asks for the lease's epoch itself. The first one locks the lease's row, so either all of them find it or none.</remarks>
internal sealed class StepWriter(LogDatabase database)
{
    /// <summary>Writes all of it. False, and nothing is written, when the lease has passed to another.</summary>
    /// <param name="effects">Whether actions and what is carried to other customers are handed on.</param>
    public async Task<bool> WriteAsync(Lease lease, Checkpoint checkpoint, Step step, bool effects, CancellationToken ct)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Guarded("advance_lease", lease).With(checkpoint.Consumed).With(checkpoint.Swept).With(checkpoint.FiredTo));
        foreach (var command in Commands(lease, step, effects)) batch.BatchCommands.Add(command);
        if (step.Facts.Count > 0)
        {
            batch.BatchCommands.Add(LogStatements.LockHead(lease.Shard));
            batch.BatchCommands.Add(LogStatements.AppendFacts(lease, step.Facts));
        }
        await batch.ExecuteNonQueryAsync(ct);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    /// <summary>Puts what the step holds of its customers in the place of all that is stored of them: states, due instants and spans. Facts stay as they are.</summary>
    /// <returns>False, and nothing is written, when the lease has passed to another.</returns>
    public async Task<bool> ReplaceAsync(Lease lease, Checkpoint checkpoint, Step step, CancellationToken ct)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Guarded("advance_lease", lease).With(checkpoint.Consumed).With(checkpoint.Swept).With(checkpoint.FiredTo));
        batch.BatchCommands.Add(Guarded("drop_due", lease).WithCustomers(step.States, row => row.Customer));
        batch.BatchCommands.Add(Guarded("drop_spans", lease).WithCustomers(step.States, row => row.Customer));
        foreach (var command in Commands(lease, step, effects: false)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(ct);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    private static IEnumerable<NpgsqlBatchCommand> Commands(Lease lease, Step step, bool effects)
    {
        if (step.States.Count > 0)
            yield return Guarded("store_states", lease).WithCustomers(step.States, row => row.Customer)
                .WithColumn(step.States, row => row.LivedTo)
                .WithColumn(step.States, row => row.Body);
        if (step.Due.Count > 0)
            yield return Guarded("store_due", lease).WithCustomers(step.Due, row => row.Customer)
                .WithColumn(step.Due, row => row.At.ToDateTimeUtc())
                .WithColumn(step.Due, row => row.Wall);
        if (step.NoLongerDue.Count > 0)
            yield return Guarded("drop_due", lease).WithCustomers(step.NoLongerDue, row => row);
        if (step.SpanEnds.Count > 0)
            yield return Guarded("close_spans", lease).WithCustomers(step.SpanEnds, row => row.Customer)
                .WithColumn(step.SpanEnds, row => row.Track)
                .WithColumn(step.SpanEnds, row => row.LeftAt.ToDateTimeUtc());
        if (step.Spans.Count > 0) yield return OpenSpans(lease, step.Spans);
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
    }

    private static NpgsqlBatchCommand OpenSpans(Lease lease, List<SpanRow> spans) => Guarded("open_spans", lease)
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

    private static NpgsqlBatchCommand Guarded(string name, Lease lease) =>
        Statements.InBatch(name).With(lease.Shard).With(lease.Epoch).With(lease.Owner);
}

internal static class CustomerColumns
{
    /// <summary>Tenant and customer of many rows, as two arrays.</summary>
    public static NpgsqlBatchCommand WithCustomers<TRow>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, CustomerAddress> address) =>
        command.WithColumn(rows, row => address(row).Tenant).WithColumn(rows, row => address(row).Key.Value);
}
