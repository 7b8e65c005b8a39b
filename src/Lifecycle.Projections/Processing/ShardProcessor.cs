using System.Data.Common;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Concurrency;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Sql;
using Lifecycle.Projections.Thresholds;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>The live runner of one shard while its lease is held: consumes the log, sweeps, fires what is due.</summary>
/// <remarks>
/// Work goes in rounds; each transaction of a round holds states, facts, due rows, deliveries, what is carried, and the checkpoint together.
/// After any failure everything is read again from the database, since whether the last transaction was committed is unknown.
/// Which shard inputs and due instants have been lived through is written in the states themselves, so a round may be repeated or cut at any point.
/// </remarks>
public sealed class ShardProcessor : IDisposable
{
    private static readonly Duration DueWaitMin = Duration.FromMilliseconds(10);

    private readonly TouchpointLog _log;
    private readonly Lease _lease;
    private readonly ShardProgressBoard _progress;
    private readonly ProcessingOptions _options;
    private readonly Instant? _replayTo;
    private readonly ILogger _logger;
    private readonly LogTail? _tail;
    private readonly ShardMemory _memory;
    private readonly WorkExecutor _executor;
    private readonly ShardTransactionWriter _writer;
    private readonly StaleImportCloser _staleImports;
    private readonly CountAfterImport _closed;
    private readonly ShardCounts _counts;
    private readonly SharedContext _context;
    private readonly Queue<(TenantInShard Tenant, RecordedShardInput Input)> _sweeps = new();
    private readonly AsyncAutoResetEvent _signal;
    private readonly ShardClock _clock;
    private bool _isOpen, _hasMore;
    private Checkpoint _checkpoint;
    private Guid _sweptCustomer;
    private Instant _nextDue = Instants.Never;
    private (long Position, Instant To)? _firing;
    private DueRow? _firedLast;

    /// <param name="replayTo">Null for the live runner. Otherwise nothing is handed to Delivery or carried, and instead of the wall this instant
    /// says up to when due instants fire, once the whole log is consumed.</param>
    /// <param name="context">Null for a processor that runs by itself.</param>
    internal ShardProcessor(TouchpointLog log, TenantStore tenants, ReleaseStore releases, ShardProgressBoard progress, Lease lease,
        ProcessingOptions options, ILogger logger, Instant? replayTo = null, SharedContext? context = null)
    {
        _context = context ?? SharedContext.None(options);
        (_log, _lease, _progress, _options, _replayTo, _logger) = (log, lease, progress, options, replayTo, logger);
        _tail = replayTo is null ? log.Follow(lease.Shard) : null;
        _memory = new ShardMemory(log, tenants, releases, lease.Shard, options.CustomersKeptMax, options.CustomersKeptBytesMax, logger);
        _executor = new WorkExecutor(_memory, logger);
        _writer = new ShardTransactionWriter(log.Database);
        _staleImports = new StaleImportCloser(log, options, lease.Shard);
        _closed = new CountAfterImport(log, options, lease.Shard);
        _counts = new ShardCounts(log, lease.Shard, options.PageMax, options.Time);
        (_signal, _clock) = (new AsyncAutoResetEvent(options.Time), new ShardClock(options));
        _checkpoint = new Checkpoint(lease.Consumed, lease.Swept, lease.FiredTo);
    }

    /// <summary>The lease under which this runs.</summary>
    public Lease Lease => _lease;

    /// <summary>Makes a resting processor look at once.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Lets go of what was handed over and is not yet consumed; it is in the log.</summary>
    public void Dispose() => _tail?.Dispose();

    /// <summary>Runs until told to stop, at the end of a round, or until the lease is lost. What fails is tried again, ever more slowly.</summary>
    /// <returns>Whether the lease is still held.</returns>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (opening, began) = (!_isOpen, _options.Time.GetTimestamp());
                switch (await RoundInTurnAsync())
                {
                    case ProcessingRound.LeaseLost:
                        return false;
                    case ProcessingRound.Idle:
                        await _signal.WaitAsync(WaitTime().ToTimeSpan(), stop);
                        break;
                    case ProcessingRound.Worked when !_hasMore:
                        await DelayAsync(_options.StepInterval.ToTimeSpan() - _options.Time.GetElapsedTime(began), stop);
                        break;
                }
                // That everything could be read again says nothing about the step that failed.
                if (!opening) failures = 0;
            }
            catch (Exception failure)
            {
                _isOpen = false;
                failures++;
                _logger.LogWarning(failure, "A step of shard {Shard} failed {Count} times in a row and is done again.", _lease.Shard, failures);
                await PauseAsync(failures, stop);
            }
        }
        return true;
    }

    // A round is never cut short: its transaction is bounded, and the answer to a cancelled one would be unknown.
    private async Task<ProcessingRound> RoundInTurnAsync()
    {
        await _context.Turns.WaitAsync(CancellationToken.None);
        try
        {
            return await RoundAsync(CancellationToken.None);
        }
        finally
        {
            _context.Turns.Release();
        }
    }

    /// <summary>Consumes, sweeps and fires as much as one step each allows.</summary>
    /// <remarks>At an instant at which all customers are to be counted nothing that comes later is consumed or fired until they are.</remarks>
    internal async Task<ProcessingRound> RoundAsync(CancellationToken ct = default)
    {
        try
        {
            _hasMore = true;
            if (!_isOpen) return await OpenAsync(ct) ? ProcessingRound.Worked : ProcessingRound.LeaseLost;
            var wasHeld = _counts.HeldAt is not null;
            var (read, isLast) = await ReadOnAsync(ct);
            if (_replayTo is null) await HoldAsync(NowOr(read.Rows), ct);
            var page = _counts.Before(read, _checkpoint.Consumed);
            var hasAll = page.Rows.Count < read.Rows.Count || isLast;
            var worked = page.UpTo > _checkpoint.Consumed;
            var foundNothing = !worked;
            if (worked && !await ConsumeAsync(page, ct)) return ProcessingRound.LeaseLost;
            if (_sweeps.Count > 0)
            {
                worked = true;
                if (!await SweepAsync(ct)) return ProcessingRound.LeaseLost;
            }
            // All that was recorded before that instant is consumed once a look after the shard's time was raised beyond it finds nothing more.
            var isThere = wasHeld && foundNothing;
            if (hasAll && await CanFireAsync(isThere, ct))
            {
                worked = true;
                if (!await FireAsync(ct)) return ProcessingRound.LeaseLost;
            }
            if (isThere && _sweeps.Count == 0 && _firing is null && _nextDue > _counts.HeldAt)
                await _counts.ReadOnAsync(Now(), ct);
            worked |= _replayTo is null && await _closed.AskAsync(_memory.Tenants, Now(), ct);
            worked |= _replayTo is null && await _counts.CompleteAsync(Now(), hasAll && !wasHeld, ct);
            worked |= wasHeld || _counts.HeldAt is not null;
            _hasMore = !hasAll || _sweeps.Count > 0 || _firing is not null || _counts.HeldAt is not null;
            if (worked || _replayTo is not null) return worked ? ProcessingRound.Worked : ProcessingRound.Idle;
            if (_clock.IsUncertain && await ReadCheckpointAsync(ct) is null) return ProcessingRound.LeaseLost;
            worked = await _staleImports.CloseAsync(_memory.Tenants, ct);
            return worked ? ProcessingRound.Worked : ProcessingRound.Idle;
        }
        catch
        {
            _isOpen = false; // States in memory may be ahead of the database, and the last transaction may have been committed or not.
            throw;
        }
    }

    /// <summary>Reads what the database holds and gives those who were set aside another chance.</summary>
    private async Task<bool> OpenAsync(CancellationToken ct)
    {
        if (await ReadCheckpointAsync(ct) is not { } checkpoint) return false;
        _checkpoint = checkpoint;
        (_firing, _firedLast, _sweptCustomer) = (null, null, Guid.Empty);
        _counts.Clear();
        _closed.Clear();
        _sweeps.Clear();
        _tail?.Clear();
        foreach (var (tenant, input) in await _memory.OpenAsync(_checkpoint.Consumed, ct))
            if (input.Position > _checkpoint.Swept) EnqueueSweep(tenant, input);
        await ReadNextDueAsync(ct);
        if (!await TakeBackAsync(ct)) return false;
        _isOpen = true;
        _progress.Report(_lease.Shard, _checkpoint.Consumed, _checkpoint.Swept);
        return true;
    }

    /// <summary>How far the shard has come, null when the lease has passed to another; and what time it is by the database.</summary>
    private async Task<Checkpoint?> ReadCheckpointAsync(CancellationToken ct)
    {
        var row = (await _log.Database.Statement("read_lease").With(_lease.Shard).ListAsync(row => (
            Epoch: row.GetInt64(0), Owner: row.IsDBNull(1) ? (Guid?)null : row.GetGuid(1),
            Checkpoint: new Checkpoint(row.GetInt64(2), row.GetInt64(3), row.GetInstant(4)), Now: row.GetInstant(6)), ct))[0];
        if (_options.Wall is null) _clock.Compare(row.Now);
        return row.Epoch == _lease.Epoch && row.Owner == _lease.Owner ? row.Checkpoint : null;
    }

    /// <summary>What follows in the log, and whether nothing more was there behind it: from memory where this process appended it.</summary>
    private async Task<(LogPage Page, bool IsLast)> ReadOnAsync(CancellationToken ct)
    {
        var consumed = _checkpoint.Consumed;
        if (_tail?.After(consumed, _options.StepRowsMax) is not { } page || page.UpTo == consumed)
        {
            var rows = await _log.ReadAsync(_lease.Shard, consumed, _options.StepRowsMax, ct);
            page = new LogPage(rows, rows.Count == 0 ? consumed : rows[^1].Position, IsHandedOver: false);
        }
        var asked = _replayTo is null ? ShardCounts.UntilSomebodyMayAsk(page) : page;
        return (asked, asked.Rows.Count == page.Rows.Count && page.Rows.Count < _options.StepRowsMax);
    }

    private async Task<bool> ConsumeAsync(LogPage page, CancellationToken ct)
    {
        var works = new CustomerWorkList();
        foreach (var row in await _memory.OpenedAsync(page.Rows, ct))
        {
            if (row.Kind == EventKind.Input) works.Add(row);
            if (row.Kind != EventKind.ShardInput) continue;
            var (tenant, input) = await _memory.TakeAsync(row, ct);
            EnqueueSweep(tenant, input);
        }
        var transaction = new ShardTransaction();
        await _executor.ExecuteAsync(transaction, works.ToList(), page.UpTo, firedTo: null, ct);
        return await CommitAsync(transaction, _checkpoint with { Consumed = page.UpTo }, ct,
            page.IsHandedOver && page.Rows.Count > 0 ? page.Rows[^1] : null);
    }

    private void EnqueueSweep(TenantInShard tenant, RecordedShardInput input)
    {
        // That history is opened or a count asked for changes nothing by itself, so nobody needs to be woken for it.
        if (input.Input is not (HistoryOpened or CountAsked)) _sweeps.Enqueue((tenant, input));
    }

    /// <summary>Holds customers at an instant that has passed where they are to be counted.</summary>
    private Task HoldAsync(Instant now, CancellationToken ct)
    {
        // What is fired once more is consumed would take customers beyond that instant; what is being fired lies before it.
        if (_checkpoint.Consumed < _firing?.Position && ShardCounts.FirstToAsk(_memory.Tenants, now) is not null) _firing = null;
        return _counts.BeginAsync(_memory.Tenants, now, () => RaiseAsync(ct));
    }

    /// <summary>Takes one page of sleepers through the oldest shard input that is not yet swept.</summary>
    private async Task<bool> SweepAsync(CancellationToken ct)
    {
        var (tenant, input) = _sweeps.Peek();
        var advanced = input.Input as ClockAdvanced;
        var page = advanced is not null
            ? await DueByTestClockAsync(tenant.Tenant.Id, advanced.To, ct)
            : await _log.Database.Statement("read_sleepers").With(_lease.Shard).With(tenant.Tenant.Id).With(_sweptCustomer)
                .With(input.Position).With(_options.PageMax).ListAsync(row => new CustomerAddress(tenant.Tenant.Id, row.GetCustomer(0)), ct);
        var transaction = new ShardTransaction();
        await VisitPageAsync(transaction, page, advanced?.To, ct);
        if (page.Count > 0) _sweptCustomer = page[^1].Key.Value;
        if (page.Count < _options.PageMax)
        {
            _sweeps.Dequeue();
            _sweptCustomer = Guid.Empty;
        }
        return await CommitAsync(transaction, _checkpoint, ct);
    }

    /// <summary>Whether due rows can be fired now: some are due, the recorded time is past them, and all before is consumed.</summary>
    private async Task<bool> CanFireAsync(bool isThere, CancellationToken ct)
    {
        if (_firing is not null) return _checkpoint.Consumed >= _firing.Value.Position;
        if (_nextDue > (_counts.HeldAt ?? Now())) return false;
        if (_counts.HeldAt is { } held)
        {
            if (isThere) _firing = (_checkpoint.Consumed, held);
            return isThere;
        }
        if (_replayTo is { } end)
        {
            _firing = (_checkpoint.Consumed, end);
            return true;
        }
        var head = await RaiseAsync(ct);
        if (_nextDue > head.RecordedAt || ShardCounts.FirstToAsk(_memory.Tenants, head.RecordedAt) is not null) return false;
        _firing = (head.Position, head.RecordedAt);
        return _checkpoint.Consumed >= head.Position;
    }

    private async Task<ShardHead> RaiseAsync(CancellationToken ct)
    {
        var head = await _log.RaiseAsync(_lease.Shard, _options.Wall is null ? null : _clock.Local, ct);
        _clock.Compare(head.RecordedAt);
        return head;
    }

    private async Task<bool> FireAsync(CancellationToken ct)
    {
        var (to, after) = (_firing!.Value.To, _firedLast);
        var page = await _log.Database.Statement("read_due_by_wall").With(_lease.Shard).With(to).With(after?.At ?? Instants.Beginning)
            .With(after?.Customer.Tenant ?? 0).With(after?.Customer.Key.Value ?? Guid.Empty).With(_options.PageMax)
            .ListAsync(row => new DueRow(ReadAddress(row), row.GetInstant(2), Wall: true), ct);
        var transaction = new ShardTransaction();
        await VisitPageAsync(transaction, [.. page.Select(due => due.Customer)], to, ct);
        // Pages go on behind one another, past what is no longer due; the last look begins anew, for who may have come in between.
        var last = after is null && page.Count < _options.PageMax;
        if (!await CommitAsync(transaction, last ? _checkpoint with { FiredTo = Instants.Later(to, _checkpoint.FiredTo) } : _checkpoint, ct))
            return false;
        _firedLast = page.Count < _options.PageMax ? null : page[^1];
        if (!last) return true;
        _firing = null;
        await ReadNextDueAsync(ct);
        return true;
    }

    private async Task VisitPageAsync(ShardTransaction transaction, IReadOnlyList<CustomerAddress> page, Instant? until, CancellationToken ct)
    {
        // Nobody who is set aside may hold up a page again and again.
        transaction.NoLongerDue.AddRange(page.Where(_memory.Quarantined.ContainsKey));
        var timeline = new CustomerTimeline([], _checkpoint.Consumed, until);
        await _executor.ExecuteAsync(transaction, [.. page.Select(address => new CustomerWork(address, timeline))], _checkpoint.Consumed, until, ct);
    }

    private async Task<bool> TakeBackAsync(CancellationToken ct)
    {
        var works = new List<CustomerWork>();
        foreach (var (address, position) in _memory.Quarantined)
        {
            var list = new CustomerWorkList();
            var rows = await _log.ReadCustomerAsync(_lease.Shard, address.Tenant, address.Key, _checkpoint.Consumed, ct);
            foreach (var row in await _memory.OpenedAsync(rows, ct))
                if (row.Kind == EventKind.Input && row.Position >= position) list.Add(row);
            var found = list.ToList().SingleOrDefault() ?? new CustomerWork(address, new CustomerTimeline([]));
            works.Add(found with { Timeline = found.Timeline with { Through = found.BrokenAt is null ? _checkpoint.Consumed : 0 } });
        }
        if (works.Count == 0) return true;
        _memory.Quarantined.Clear();
        var transaction = new ShardTransaction();
        await _executor.ExecuteAsync(transaction, works, _checkpoint.Consumed, firedTo: null, ct);
        transaction.Released.AddRange(works.Select(work => work.Customer).Where(address => !_memory.Quarantined.ContainsKey(address)));
        return await CommitAsync(transaction, _checkpoint, ct);
    }

    /// <param name="handedOver">The last of the step's inputs where they were not read from the database.</param>
    private async Task<bool> CommitAsync(ShardTransaction transaction, Checkpoint reached, CancellationToken ct, LogRow? handedOver = null)
    {
        var checkpoint = reached with { Swept = _sweeps.Count == 0 ? reached.Consumed : _sweeps.Peek().Input.Position - 1 };
        if (transaction.IsEmpty && checkpoint == _checkpoint) return true;
        if (await _writer.WriteAsync(_lease, checkpoint, transaction, effects: _replayTo is null, handedOver, ct) is not { } lastFact)
        {
            _memory.Clear();
            return false;
        }
        transaction.Committed();
        if (transaction.Facts.Count > 0) _tail?.AddFacts(transaction.Facts.Count, lastFact);
        _checkpoint = checkpoint;
        if (transaction.Requests.Count + transaction.Relayed.Count > 0) _context.HandedOn(_lease.Shard);
        foreach (var due in transaction.Due)
            if (due.Wall) _nextDue = Instants.Earlier(_nextDue, due.At);
        _progress.Report(_lease.Shard, checkpoint.Consumed, checkpoint.Swept);
        return true;
    }

    private async Task ReadNextDueAsync(CancellationToken ct)
    {
        var next = await _log.Database.Statement("read_next_due").With(_lease.Shard).ListAsync(row => row.GetInstant(0), ct);
        _nextDue = next.Count == 0 ? Instants.Never : next[0];
    }

    private Task<List<CustomerAddress>> DueByTestClockAsync(int tenant, Instant to, CancellationToken ct) =>
        _log.Database.Statement("read_due_by_test_clock").With(_lease.Shard).With(tenant).With(to).With(_options.PageMax).ListAsync(ReadAddress, ct);

    private static CustomerAddress ReadAddress(DbDataReader row) => new(row.GetInt32(0), row.GetCustomer(1));

    /// <summary>The time by the clock that fires: the replay's end, or the database's as far as it is known.</summary>
    private Instant Now() => _replayTo ?? _clock.Now;

    /// <summary>The time, or that of the last of some rows where it is later.</summary>
    private Instant NowOr(IReadOnlyList<LogRow> rows) => rows.Count == 0 ? Now() : Instants.Later(Now(), rows[^1].RecordedAt);

    private Duration WaitTime()
    {
        if (_replayTo is not null) return _context.Poll();
        var (now, next) = (Now(), _nextDue);
        foreach (var tenant in _memory.Tenants) next = Instants.Earlier(next, tenant.WantedFrom(now));
        return next == Instants.Never ? _context.Poll() : Duration.Min(_context.Poll(), Duration.Max(DueWaitMin, next - now));
    }

    // A shard has one processor, so there is nobody to be kept apart from by jitter.
    private Task PauseAsync(int failures, CancellationToken stop) =>
        DelayAsync(PassingFailures.DelayAfter(failures, _options.RetryDelay, _options.RetryDelayMax, jitter: 0.5), stop);

    private async Task DelayAsync(TimeSpan delay, CancellationToken stop)
    {
        if (delay <= TimeSpan.Zero) return;
        try
        {
            await Task.Delay(delay, _options.Time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }
}
