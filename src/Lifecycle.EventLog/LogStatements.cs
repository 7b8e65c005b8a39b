using System.Data.Common;
using Lifecycle.Domain.Events;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog;

/// <summary>The statements by which a transaction composed elsewhere writes to the log.</summary>
/// <remarks>Put them into one <see cref="DbBatch"/> without BEGIN: it is one implicit transaction, and no lock is held across a round
/// trip. The order of locks is lease, then head: <see cref="LockLease"/> first where there is one, <see cref="LockHead"/> as late as may be,
/// directly before what appends. Read the answers to the very end, for only then is the commit known.</remarks>
public static class LogStatements
{
    /// <summary>The earliest instant at which an input can have happened; what claims to be older is stored as this.</summary>
    /// <remarks>Clocks that were never set say year 1, which PostgreSQL's client takes for the beginning of all time.</remarks>
    public static readonly Instant OccurredAtMin = Instant.FromUtc(1900, 1, 1, 0, 0);

    /// <summary>Locks the lease's row. Answers one row, or none when the lease has passed to another.</summary>
    public static NpgsqlBatchCommand LockLease(Lease lease) => Command("lock_lease").With(lease.Shard).With(lease.Epoch).With(lease.Owner);

    /// <summary>Locks the head of a shard's log. Answers its position.</summary>
    public static NpgsqlBatchCommand LockHead(int shard) => Command("lock_head").With(shard);

    /// <summary>Appends facts in the order given and raises the head, only while the lease is what it was. Answers how many: all or zero.</summary>
    public static NpgsqlBatchCommand AppendFacts(Lease lease, IReadOnlyList<NewFact> facts) => Command("append_facts")
        .With(lease.Shard).With(lease.Epoch).With(lease.Owner)
        .WithColumn(facts, fact => fact.Tenant)
        .WithColumn(facts, fact => fact.Customer.Value)
        .WithColumn(facts, fact => fact.Id.Value)
        .WithColumn(facts, fact => fact.Clock.ToDateTimeUtc())
        .WithColumn(facts, fact => fact.Name)
        .WithColumn(facts, fact => fact.Version)
        .WithColumn(facts, fact => fact.Cause.Value)
        .WithColumn(facts, fact => fact.Ordinal)
        .WithColumn(facts, fact => fact.Open);

    /// <summary>Appends those inputs whose ids the log does not know and raises the head. <see cref="ReadOutcomesAsync"/> reads the answer.</summary>
    /// <remarks>SQLSTATE 23514 on the table message_id means that the partition for the present window is missing:
    /// call <see cref="Log.EnsureMessageIdsAsync"/> and repeat the transaction.</remarks>
    public static NpgsqlBatchCommand AppendInputs(int shard, IReadOnlyList<NewInput> inputs, LogOptions options) => Command("append_inputs")
        .With(shard).With((long)options.MessageIdWindow.TotalMilliseconds)
        .WithColumn(inputs, input => input.Customer.Tenant)
        .WithColumn(inputs, input => input.Customer.Key.Value)
        .WithColumn(inputs, input => input.Id.Value)
        .WithColumn(inputs, input => input.Content)
        .WithColumn(inputs, input => input.Name)
        .WithColumn(inputs, input => input.Version)
        .WithColumn(inputs, input => input.Open)
        .WithColumn(inputs, input => input.Sealed!)
        .WithColumn(inputs, input => Instants.Later(input.OccurredAt, OccurredAtMin).ToDateTimeUtc())
        .WithColumn(inputs, input => input.Imported)
        .WithColumn(inputs, input => (short)input.Hops)
        .WithColumn(inputs, input => input.Test);

    /// <summary>Reads the answer of <see cref="AppendInputs"/> from the result the reader stands on, in the order of the inputs.</summary>
    public static async Task<IReadOnlyList<AppendOutcome>> ReadOutcomesAsync(DbDataReader reader, int shard, CancellationToken ct)
    {
        var outcomes = new List<AppendOutcome>();
        while (await reader.ReadAsync(ct)) outcomes.Add(new AppendOutcome((AppendResult)reader.GetInt16(0), shard, reader.GetInt64(1)));
        return outcomes;
    }

    internal static NpgsqlBatchCommand AppendShardInput(int shard, Tenant tenant, ShardInput input, EventId id)
    {
        var entry = EventCatalog.Of(input) ?? throw new InvalidOperationException($"{input.GetType().Name} is not in the catalog.");
        var open = EventCodec.WriteOpen(input);
        return Command("append_shard_input")
            .With(shard).With(tenant.Id).With(tenant.Test).With(id.Value).With(StableHash.Of(open))
            .With(entry.Name).With(entry.Version).With(open)
            .With((input as ClockAdvanced)?.To)
            .With(input switch { HistoryOpened => true, HistoryClosed => false, _ => (bool?)null });
    }

    internal static NpgsqlBatchCommand Command(string name) => new(Sql.Of(name));
}
