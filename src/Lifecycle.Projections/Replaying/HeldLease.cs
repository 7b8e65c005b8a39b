using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;

namespace Lifecycle.Projections.Replaying;

/// <summary>A shard's lease, renewed in the background for as long as this lives, and given back at the end.</summary>
internal sealed class HeldLease : IAsyncDisposable
{
    private readonly LogDatabase _database;
    private readonly LeaseStore _leases;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keeping;

    public HeldLease(LogDatabase database, Lease lease)
    {
        (_database, _leases, Lease) = (database, new LeaseStore(database), lease);
        _keeping = Task.Run(KeepAsync);
    }

    public Lease Lease { get; }

    /// <summary>The lease is known to have passed to another process.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Why the lease is not held any more, and what to do.</summary>
    public async Task<LogUnavailableException> LostAsync()
    {
        var owner = await _database.Statement("read_lease").With(Lease.Shard)
            .ListAsync(row => row.IsDBNull(1) ? (Guid?)null : row.GetGuid(1), CancellationToken.None);
        var servers = await new ProcessRegistry(_database).AliveAsync();
        // A server takes only what is free or has expired; another rebuild takes whatever it wants.
        return new LogUnavailableException(owner[0] is { } other && servers.Any(server => server.Id == other)
            ? $"Shard {Lease.Shard} went back to the server, because its lease could not be renewed for "
                + $"{_database.Options.LeaseTime.TotalSeconds:0} seconds; rebuild again."
            : $"Shard {Lease.Shard} was taken by another rebuild; let only one run at a time.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        _stop.Dispose();
        try
        {
            await _leases.ReleaseAsync(Lease, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // It passes on when it expires.
            _database.Note(failure);
        }
    }

    private async Task KeepAsync()
    {
        while (!IsLost)
        {
            try
            {
                await Task.Delay(_database.Options.LeaseRenewal.ToTimeSpan(), _database.Options.Time, _stop.Token);
                IsLost = !await _leases.RenewAsync(Lease, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The database may be away for a moment. Whether the lease is still ours, the next write or renewal tells.
                _database.Note(failure);
            }
        }
    }
}
