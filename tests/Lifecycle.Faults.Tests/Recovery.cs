using Lifecycle.Testing;
using Npgsql;

namespace Lifecycle.Faults.Tests;

/// <summary>Measures how long after a fault's end the next batch is acknowledged, and everything judged that was in the log at that end.</summary>
internal sealed class Recovery(LogAudit log, Ledger ledger) : IDisposable
{
    private const string Behind = """
        select count(*) from unnest($1::int[], $2::bigint[]) as h (shard, position)
        join shard_lease l using (shard)
        where exists (select from event e where e.shard = h.shard and e.position > l.consumed and e.position <= h.position and e.kind <> 2)
        """;

    private CancellationTokenSource _interrupted = new();
    private Task _judging = Task.CompletedTask;
    private long _at;

    /// <summary>Times to the next acknowledged batch.</summary>
    public List<TimeSpan> Acknowledged { get; } = [];

    /// <summary>Times to everything judged.</summary>
    public List<TimeSpan> Judged { get; } = [];

    /// <summary>Whether a batch has been acknowledged since the last fault's end.</summary>
    public bool IsServed => _at != 0 && ledger.AcknowledgedAfter(_at, long.MaxValue) is not null;

    /// <summary>A fault begins. A recovery that it interrupts does not count.</summary>
    public async Task InterruptAsync()
    {
        if (_at == 0) return;
        if (ledger.AcknowledgedAfter(_at, TimeProvider.System.GetTimestamp()) is { } time) Acknowledged.Add(time);
        _at = 0;
        await _interrupted.CancelAsync();
        await _judging;
    }

    /// <summary>The fault is over.</summary>
    public void Begin()
    {
        _interrupted.Dispose();
        _interrupted = new CancellationTokenSource();
        _at = TimeProvider.System.GetTimestamp();
        _judging = Task.Run(() => UntilJudgedAsync(_at, _interrupted.Token));
    }

    /// <summary>Waits until the present recovery is complete.</summary>
    public async Task UntilCompleteAsync(int seconds)
    {
        await _judging.WaitAsync(TimeSpan.FromSeconds(seconds));
        await Pause.UntilAsync(() => Task.FromResult(IsServed), seconds, "Nothing was acknowledged after a fault.");
    }

    public void Dispose() => _interrupted.Dispose();

    private async Task UntilJudgedAsync(long at, CancellationToken interrupted)
    {
        try
        {
            await using var connection = await log.ConnectAsync();
            var (shards, positions) = await HeadsAsync(connection);
            while (!interrupted.IsCancellationRequested)
            {
                await using var query = new NpgsqlCommand(Behind, connection) { Parameters = { new() { Value = shards }, new() { Value = positions } } };
                if (await query.ExecuteScalarAsync(CancellationToken.None) is 0L)
                {
                    Judged.Add(TimeProvider.System.GetElapsedTime(at));
                    return;
                }
                await Pause.ForAsync(20);
            }
        }
        catch (NpgsqlException) when (interrupted.IsCancellationRequested)
        {
            // The database went away again.
        }
    }

    private static async Task<(int[] Shards, long[] Positions)> HeadsAsync(NpgsqlConnection connection)
    {
        await using var query = new NpgsqlCommand("select array_agg(shard), array_agg(position) from shard_head", connection);
        await using var reader = await query.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetFieldValue<int[]>(0), reader.GetFieldValue<long[]>(1));
    }
}
