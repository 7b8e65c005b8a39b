using System.Data.Common;
using System.Runtime.InteropServices;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Sql;

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

    /// <summary>Appends facts in the order given and raises the head, only while the lease is what it was. Answers how many, all or zero, and the
    /// position of the last.</summary>
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
    /// <remarks>Where it fails by <see cref="IsPartitionMissing"/>, call <see cref="TouchpointLog.EnsurePartitionsAsync"/> and repeat the
    /// transaction.</remarks>
    public static NpgsqlBatchCommand AppendInputs(int shard, IReadOnlyList<NewInput> inputs, LogOptions options) =>
        AppendInputs(shard, inputs, FirstsOf(inputs), options);

    /// <param name="firsts">See <see cref="FirstsOf"/>.</param>
    internal static NpgsqlBatchCommand AppendInputs(int shard, IReadOnlyList<NewInput> inputs, int[] firsts, LogOptions options) =>
        Append("append_inputs", shard, inputs, options)
        .WithColumn(inputs, input => input.Imported)
        .WithColumn(inputs, input => input.Test)
        .With(Array.ConvertAll(Enumerable.Range(0, firsts.Length).ToArray(), place => firsts[place] == place));

    /// <summary>Appends inputs without looking up their ids in the present window. Answers nothing and writes nothing where an id is known of before
    /// it, and fails by
    /// <see cref="IsIdKnown"/> where one is known in it. For inputs that <see cref="CanAllBeNew"/>; <see cref="ReadNewAnswerAsync"/> reads the
    /// answer.</summary>
    internal static NpgsqlBatchCommand AppendNewInputs(int shard, IReadOnlyList<NewInput> inputs, LogOptions options) =>
        Append("append_new_inputs", shard, inputs, options);

    private static NpgsqlBatchCommand Append(string name, int shard, IReadOnlyList<NewInput> inputs, LogOptions options) => Command(name)
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
        .WithColumn(inputs, input => (short)input.Hops);

    /// <summary>Whether <see cref="AppendNewInputs"/> may take them: imported ones may open a history, those of test tenants have a clock of their
    /// own, and an id that comes twice is known the second time.</summary>
    /// <param name="firsts">See <see cref="FirstsOf"/>.</param>
    internal static bool CanAllBeNew(IReadOnlyList<NewInput> inputs, int[] firsts)
    {
        for (var place = 0; place < firsts.Length; place++)
            if (firsts[place] != place || inputs[place].Imported || inputs[place].Test) return false;
        return true;
    }

    /// <summary>Reads the answer of <c>AppendInputs</c> for the same inputs from the result the reader stands on: what became of each, in
    /// their order; nothing when the database has no such shard.</summary>
    public static async Task<IReadOnlyList<AppendOutcome>> ReadOutcomesAsync(DbDataReader reader, int shard, IReadOnlyList<NewInput> inputs,
        CancellationToken ct) =>
        (await ReadAnswerAsync(reader, shard, inputs, FirstsOf(inputs), ct)).Outcomes;

    /// <inheritdoc cref="ReadOutcomesAsync"/>
    /// <param name="firsts">See <see cref="FirstsOf"/>.</param>
    internal static async Task<AppendAnswer> ReadAnswerAsync(DbDataReader reader, int shard, IReadOnlyList<NewInput> inputs, int[] firsts,
        CancellationToken ct)
    {
        var known = new Dictionary<int, (Guid? Content, long Position)>();
        var (before, recordedAt) = (-1L, Instants.Beginning);
        while (await reader.ReadAsync(ct))
        {
            (before, recordedAt) = (reader.GetInt64(0), reader.GetInstant(4));
            if (!reader.IsDBNull(1)) known.Add((int)reader.GetInt64(1) - 1, (reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetInt64(3)));
        }
        if (before < 0) return new AppendAnswer([], recordedAt);
        var outcomes = new AppendOutcome[inputs.Count];
        for (var place = 0; place < outcomes.Length; place++)
        {
            var (first, content) = (firsts[place], inputs[place].Content);
            if (known.TryGetValue(first, out var found) && found.Content is null) outcomes[place] = new(AppendResult.Erased, shard, 0);
            else if (known.TryGetValue(first, out found)) outcomes[place] = new(Repeated(found.Content == content), shard, found.Position);
            else if (first == place) outcomes[place] = new(AppendResult.Appended, shard, ++before);
            else outcomes[place] = new(Repeated(inputs[first].Content == content), shard, outcomes[first].Position);
        }
        return new AppendAnswer(outcomes, recordedAt);

        static AppendResult Repeated(bool same) => same ? AppendResult.Duplicate : AppendResult.Conflict;
    }

    /// <summary>Reads the answer of <see cref="AppendNewInputs"/> for the same inputs; without outcomes when nothing was written.</summary>
    internal static async Task<AppendAnswer> ReadNewAnswerAsync(DbDataReader reader, int shard, IReadOnlyList<NewInput> inputs, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct)) return new AppendAnswer([], Instants.Beginning);
        var (before, outcomes) = (reader.GetInt64(0), new AppendOutcome[inputs.Count]);
        for (var place = 0; place < outcomes.Length; place++) outcomes[place] = new(AppendResult.Appended, shard, before + 1 + place);
        return new AppendAnswer(outcomes, reader.GetInstant(1));
    }

    /// <summary>For each input the place of the first one with its id.</summary>
    internal static int[] FirstsOf(IReadOnlyList<NewInput> inputs)
    {
        var firsts = new int[inputs.Count];
        var places = new Dictionary<(int Tenant, CustomerKey Customer, RecordId Id), int>(inputs.Count);
        for (var place = 0; place < firsts.Length; place++)
        {
            var input = inputs[place];
            ref var first =
                ref CollectionsMarshal.GetValueRefOrAddDefault(places, (input.Customer.Tenant, input.Customer.Key, input.Id), out var repeated);
            if (!repeated) first = place;
            firsts[place] = first;
        }
        return firsts;
    }

    /// <summary>True when an append found no partition for the present time: the checks that the tables have of their own have names.</summary>
    public static bool IsPartitionMissing(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.CheckViolation, TableName: "message_id" or "event_of_customer",
        ConstraintName: null };

    /// <summary>True when <see cref="AppendNewInputs"/> met an id that the present window knows.</summary>
    internal static bool IsIdKnown(PostgresException failure) =>
        failure.SqlState == PostgresErrorCodes.UniqueViolation && failure.TableName?.StartsWith("message_id", StringComparison.Ordinal) == true;

    internal static NpgsqlBatchCommand AppendShardInput(int shard, Tenant tenant, ShardInput input, RecordId id)
    {
        var entry = EventCatalog.Of(input) ?? throw new InvalidOperationException($"{input.GetType().Name} is not in the catalog.");
        var open = EventCodec.WriteOpen(input);
        return Command("append_shard_input")
            .With(shard).With(tenant.Id).With(tenant.Test).With(id.Value).With(StableHash.Of(open))
            .With(entry.Name).With(entry.Version).With(open)
            .With((input as ClockAdvanced)?.To)
            .With(input switch { HistoryOpened => true, HistoryClosed => false, _ => (bool?)null });
    }

    /// <summary>Ends a customer's life. <see cref="ReadOutcomeAsync"/> reads the answer.</summary>
    internal static NpgsqlBatchCommand EraseCustomer(Tenant tenant, CustomerRef customer)
    {
        var (name, version) = EventCodec.NameOf(CustomerErased.Instance);
        return Command("erase_customer").With(customer.Shard).With(tenant.Id).With(tenant.Test).With(customer.Key.Value)
            .With(StableHash.Of("customer erased", customer.Key.ToString())).With(name).With(version)
            .With(EventCodec.WriteOpen(CustomerErased.Instance));
    }

    /// <summary>Reads the answer of <see cref="AppendShardInput"/> or of <see cref="EraseCustomer"/>.</summary>
    internal static async Task<AppendAnswer> ReadOutcomeAsync(DbDataReader reader, int shard, CancellationToken ct) =>
        new(await reader.ReadAsync(ct) ? [new AppendOutcome((AppendResult)reader.GetInt16(0), shard, reader.GetInt64(1))] : [], Instants.Beginning);

    internal static NpgsqlBatchCommand Command(string name) => new(SqlFiles.Of(name));
}
