using System.Data.Common;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Partitions;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Log;

/// <summary>The append-only log: every event of every customer, ordered by position within its shard, without gaps.</summary>
/// <remarks>Appending needs no lease: any process may. What <see cref="AppendAsync"/> has answered is on disk.</remarks>
public sealed class TouchpointLog
{
    private const int LookUpsAfterRepeat = 16;

    private readonly LogDatabase _database;
    private readonly GroupCommit _commits;
    private readonly LogTail?[] _tails;

    /// <summary>By shard, how many of the next batches look up their ids before anything is written.</summary>
    private readonly int[] _lookUps;

    public TouchpointLog(LogDatabase database)
    {
        _database = database;
        _commits = new GroupCommit(database.Options, database.CommitsInFlight.AtOnce, CommitAsync);
        (_tails, _lookUps) = (new LogTail?[database.Shards], new int[database.Shards]);
    }

    public LogDatabase Database => _database;

    /// <summary>Raised with the shard after this process has appended to it, on the thread that committed; handlers must be quick.</summary>
    public event Action<int>? Appended;

    /// <summary>Appends inputs of any shards and answers, in their order, when all are on disk. Inputs of one shard keep their order.</summary>
    /// <remarks>Giving up the wait by <paramref name="ct"/> does not take back what is under way. Shards are written separately: when this
    /// throws, some may be in the log and some not. Sending all again with the same ids is always safe.</remarks>
    /// <exception cref="LogUnavailableException">After <see cref="LogOptions.AttemptsMax"/> attempts, or at once when too many wait.</exception>
    public async Task<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<NewInput> inputs, CancellationToken ct = default)
    {
        var outcomes = new AppendOutcome[inputs.Count];
        var batches = new List<Task>();
        foreach (var shard in Enumerable.Range(0, inputs.Count).GroupBy(i => inputs[i].Customer.Shard))
            foreach (var places in shard.Chunk(_database.Options.BatchSizeMax))
                batches.Add(RideAsync(shard.Key, places));
        await Task.WhenAll(batches).WaitAsync(ct);
        return outcomes;

        async Task RideAsync(int shard, int[] places)
        {
            var answers = await _commits.AppendAsync(shard, [.. places.Select(place => inputs[place])]);
            for (var i = 0; i < places.Length; i++) outcomes[places[i]] = answers[i];
        }
    }

    /// <summary>Appends what concerns all of a tenant's customers in a shard. Once per id, for ever.</summary>
    /// <remarks><see cref="ClockAdvanced"/> also moves the tenant's clock in the shard, never back. <see cref="HistoryOpened"/> while history is
    /// open and <see cref="HistoryClosed"/> while it is not append nothing and answer <see cref="AppendResult.Duplicate"/> with the position of
    /// the last such event, zero where there was none.</remarks>
    /// <exception cref="LogUnavailableException">After <see cref="LogOptions.AttemptsMax"/> attempts.</exception>
    public async Task<AppendOutcome> AppendShardInputAsync(int shard, Tenant tenant, ShardInput input, RecordId id, CancellationToken ct = default)
    {
        var answer = await RetriedAsync(shard,
            async () => Found(shard, await WriteAsync(shard, LogStatements.AppendShardInput(shard, tenant, input, id),
                reader => LogStatements.ReadOutcomeAsync(reader, shard, ct), ct)), ct);
        if (answer.Outcomes[0].Result == AppendResult.Appended) Appended?.Invoke(shard);
        return answer.Outcomes[0];
    }

    /// <summary>Ends a customer's life for good: <see cref="CustomerErased"/> is appended, the key destroyed, and every later input of theirs
    /// refused.</summary>
    /// <returns><see cref="AppendResult.Duplicate"/> where they were erased before; null where nobody is known by that id.</returns>
    /// <exception cref="LogUnavailableException">After <see cref="LogOptions.AttemptsMax"/> attempts; do it again.</exception>
    public async Task<AppendOutcome?> EraseAsync(Tenant tenant, CustomerRef customer, CancellationToken ct = default)
    {
        var shard = customer.Shard;
        var answer = await RetriedAsync(shard, async () => Found(shard, await WriteAsync(shard, LogStatements.EraseCustomer(tenant, customer),
            reader => LogStatements.ReadOutcomeAsync(reader, shard, ct), ct)), ct);
        _database.CustomerKeys.Remove((tenant.Id, customer.Key));
        if (answer.Outcomes[0].Result == AppendResult.Appended) Appended?.Invoke(shard);
        return answer.Outcomes[0] is { Position: > 0 } outcome ? outcome : null;
    }

    /// <summary>Who of a shard was erased.</summary>
    public async Task<HashSet<CustomerAddress>> ReadErasedAsync(int shard, CancellationToken ct = default) =>
        [.. await _database.Source.CreateCommand(SqlFiles.Of("read_erased")).With(shard)
        .ListAsync(row => new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)), ct)];

    /// <summary>How far the shard's log has come.</summary>
    public async Task<ShardHead> HeadAsync(int shard, CancellationToken ct = default)
    {
        await using var command = _database.Source.CreateCommand(SqlFiles.Of("read_head")).With(shard);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadHeadAsync(shard, reader, ct);
    }

    /// <summary>Raises the shard's recorded time to <paramref name="to"/>, by default to the database's clock, and answers the head.</summary>
    /// <remarks>Every event that is not yet in the log will have this recorded time or a later one. Time never goes back: an earlier instant
    /// changes nothing.</remarks>
    public async Task<ShardHead> RaiseAsync(int shard, Instant? to = null, CancellationToken ct = default)
    {
        var head = await RaiseHeadAsync(shard, to, ct);
        await _database.EnsurePartitionsAsync(head.RecordedAt, ct);
        return head;
    }

    /// <summary>From now on hands what this process appends to a shard to one follower, in the place of any before.</summary>
    public LogTail Follow(int shard) => _tails[shard] = new LogTail(_database.Options.TailBytesMax);

    /// <summary>Events of all kinds after a position, in order, at most <paramref name="limit"/>.</summary>
    public Task<IReadOnlyList<LogRow>> ReadAsync(int shard, long after, int limit, CancellationToken ct = default) =>
        ReadRowsAsync(shard, _database.Source.CreateCommand(SqlFiles.Of("read_events")).With(shard).With(after).With(limit), ct);

    /// <summary>All tenants' shard inputs after a position, in order.</summary>
    public Task<IReadOnlyList<LogRow>> ReadShardInputsAsync(int shard, long after, CancellationToken ct = default) =>
        ReadRowsAsync(shard, _database.Source.CreateCommand(SqlFiles.Of("read_shard_inputs")).With(shard).With(after), ct);

    /// <summary>A customer's inputs and facts up to and including a position, in order.</summary>
    public async Task<IReadOnlyList<LogRow>> ReadCustomerAsync(int shard, int tenant, CustomerKey customer, long upTo, CancellationToken ct =
        default) =>
        await _database.Archive.ReadAsync(shard, [new CustomerAddress(tenant, customer)], row => row.Position <= upTo,
            () => _database.Source.CreateCommand(SqlFiles.Of("read_customer")).With(shard).With(tenant).With(customer.Value).With(upTo), ct);

    /// <summary>Makes the partitions that the shard's next append needs, and the next of each.</summary>
    public Task EnsurePartitionsAsync(int shard, CancellationToken ct = default) => _database.EnsurePartitionsForAsync(shard, ct);

    /// <summary>Makes the partitions of the near future, and drops the message ids of windows that no append in any shard looks at any more. To be
    /// called now and then; answers how many windows were dropped.</summary>
    public async Task<int> MaintainPartitionsAsync(CancellationToken ct = default)
    {
        for (var shard = 0; shard < _database.Shards; shard++)
            await _database.EnsurePartitionsAsync(await LogPartitions.PresentAsync(_database.Source, shard, ct), ct);
        return await _database.MessageIds.DropOldAsync(ct);
    }

    private Task<ShardHead> RaiseHeadAsync(int shard, Instant? to, CancellationToken ct) =>
        RetriedAsync(shard, () => WriteTimeAsync(shard, to, ct), ct);

    private async Task<ShardHead> WriteTimeAsync(int shard, Instant? to, CancellationToken ct)
    {
        await using var batch = _database.Source.CreateBatch();
        batch.BatchCommands.Add(LogStatements.LockHead(shard));
        batch.BatchCommands.Add(LogStatements.Command("raise_head").With(shard).With(to));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var head = await ReadHeadAsync(shard, reader, ct);
        await reader.NextResultAsync(ct);
        return head;
    }

    private async Task<IReadOnlyList<AppendOutcome>> CommitAsync(int shard, IReadOnlyList<NewInput> inputs)
    {
        var firsts = LogStatements.FirstsOf(inputs);
        var answer = await RetriedAsync(shard, () => WriteInputsAsync(shard, inputs, firsts), CancellationToken.None);
        _tails[shard]?.AddInputs(answer.RowsOf(inputs));
        Appended?.Invoke(shard);
        return answer.Outcomes;
    }

    // To look up every id first is dear, and nearly all are new: so they are written as new, and looked up when that is refused and for some
    // batches after it, as repeats come in swarms. One batch of a shard is under way at a time.
    private async Task<AppendAnswer> WriteInputsAsync(int shard, IReadOnlyList<NewInput> inputs, int[] firsts)
    {
        if (_lookUps[shard] == 0 && LogStatements.CanAllBeNew(inputs, firsts))
        {
            try
            {
                var written = await WriteAsync(shard, LogStatements.AppendNewInputs(shard, inputs, _database.Options),
                    reader => LogStatements.ReadNewAnswerAsync(reader, shard, inputs, CancellationToken.None), CancellationToken.None);
                if (written.Outcomes.Count > 0) return written;
            }
            catch (PostgresException refused) when (LogStatements.IsIdKnown(refused))
            {
                // Nothing of the batch was written.
            }
        }
        var answer = Found(shard, await WriteAsync(shard, LogStatements.AppendInputs(shard, inputs, firsts, _database.Options),
            reader => LogStatements.ReadAnswerAsync(reader, shard, inputs, firsts, CancellationToken.None), CancellationToken.None));
        var repeated = answer.Outcomes.Any(outcome => outcome.Result != AppendResult.Appended);
        _lookUps[shard] = repeated ? LookUpsAfterRepeat : Math.Max(0, _lookUps[shard] - 1);
        return answer;
    }

    private async Task<AppendAnswer> WriteAsync(int shard, DbBatchCommand append, Func<DbDataReader, Task<AppendAnswer>> read, CancellationToken ct)
    {
        await using var batch = _database.Source.CreateBatch();
        batch.BatchCommands.Add(LogStatements.LockHead(shard));
        batch.BatchCommands.Add(append);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var answer = await read(reader);
        // Only the end of the answers says that the commit is on disk.
        await reader.NextResultAsync(ct);
        return answer;
    }

    private static AppendAnswer Found(int shard, AppendAnswer answer) => answer.Outcomes.Count > 0 ? answer : throw NoSuchShard(shard);

    // Whether an attempt that threw was committed is unknown. The same ids again are safe, and the retry's lock waits until the first
    // attempt is decided.
    private async Task<T> RetriedAsync<T>(int shard, Func<Task<T>> write, CancellationToken ct)
    {
        var options = _database.Options;
        var (partitionMissing, locked) = (false, false);
        for (var attempt = 1; ; attempt++)
        {
            await _database.CommitsInFlight.WaitAsync(ct);
            try
            {
                if (partitionMissing) await _database.EnsurePartitionsForAsync(shard, ct);
                if (locked) await _database.EndStoppedSessionsAsync(ct);
                return await write();
            }
            catch (Exception failure) when (LogStatements.IsPartitionMissing(failure) || PassingFailures.MayPass(failure))
            {
                (partitionMissing, locked) = (LogStatements.IsPartitionMissing(failure), PassingFailures.IsLockTimeout(failure));
                _database.Note(failure);
                // A full disk is not waited for here: whoever sends is told and comes again.
                if (attempt >= options.AttemptsMax || Outages.Of(failure) == Outage.DiskFull)
                    throw new LogUnavailableException(
                        $"The log's shard {shard} did not take it in {attempt} attempts. {Outages.Of(failure).Advice()}", failure);
            }
            finally
            {
                _database.CommitsInFlight.Release();
            }
            if (!partitionMissing)
                await Task.Delay(PassingFailures.DelayAfter(attempt, options.RetryDelay, options.RetryDelayMax, options.Jitter()), options.Time, ct);
        }
    }

    private static async Task<ShardHead> ReadHeadAsync(int shard, DbDataReader reader, CancellationToken ct) =>
        await reader.ReadAsync(ct) ? new ShardHead(shard, reader.GetInt64(0), reader.GetInstant(1)) : throw NoSuchShard(shard);

    private static LogConfigurationException NoSuchShard(int shard) => new($"The database has no shard {shard}.");

    private static async Task<IReadOnlyList<LogRow>> ReadRowsAsync(int shard, DbCommand query, CancellationToken ct) =>
        await query.ListAsync(row => row.GetLogRow(shard), ct);
}
