using System.Data.Common;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Leases;

/// <summary>The right to process a shard, until it expires or another takes it.</summary>
/// <param name="Epoch">Grows with every acquisition; a transaction that names another than the present one changes nothing.</param>
/// <param name="Consumed">Inputs up to here are in the states.</param>
/// <param name="Swept">Every customer has lived through the shard inputs up to here.</param>
/// <param name="FiredTo">Due instants by the wall up to here have been lived through.</param>
public sealed record Lease(int Shard, Guid Owner, long Epoch, long Consumed, long Swept, Instant FiredTo);

/// <summary>Who processes which shard. All instants are the database's, so processes need not agree about the time.</summary>
public sealed class LeaseStore(LogDatabase database)
{
    /// <summary>Takes a shard's lease when it is free, expired or the owner's own; null otherwise.</summary>
    /// <remarks>Each acquisition has a new epoch. Taking one's own again therefore fences off whatever was done under the former. A lease whose row
    /// is locked all the while cannot be had this time; if its owner stopped in the middle of a step, it can the next.</remarks>
    public async Task<Lease?> TryAcquireAsync(int shard, Guid owner, CancellationToken ct = default)
    {
        try
        {
            return await AcquireAsync(shard, owner, ct);
        }
        catch (PostgresException locked) when (PassingFailures.IsLockTimeout(locked))
        {
            await database.EndStoppedSessionsAsync(ct);
            return null;
        }
    }

    /// <summary>Takes a shard's lease from whoever holds it. Their step under way is committed before or changes nothing; they get the shard back
    /// later.</summary>
    public async Task<Lease> TakeAsync(int shard, Guid owner, CancellationToken ct = default)
    {
        await using var command = Command("take_lease").With(shard).With(owner).With(database.Options.LeaseTime.ToTimeSpan());
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Lease(shard, owner, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInstant(3))
            : throw new LogConfigurationException($"The database has no shard {shard}.");
    }

    /// <summary>Extends the lease by <see cref="LogOptions.LeaseTime"/> from now; false when it has passed to another.</summary>
    /// <remarks>An expired lease that nobody took is still its owner's.</remarks>
    public async Task<bool> RenewAsync(Lease lease, CancellationToken ct = default)
    {
        await using var command = Command("renew_lease").With(lease.Shard).With(lease.Epoch).With(lease.Owner)
            .With(database.Options.LeaseTime.ToTimeSpan());
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Gives the lease back, so that another need not wait for its end. Nothing happens when it has passed to another already.</summary>
    public async Task ReleaseAsync(Lease lease, CancellationToken ct = default)
    {
        await using var command = Command("release_lease").With(lease.Shard).With(lease.Epoch).With(lease.Owner);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<Lease?> AcquireAsync(int shard, Guid owner, CancellationToken ct)
    {
        await using var command = Command("acquire_lease").With(shard).With(owner).With(database.Options.LeaseTime.ToTimeSpan());
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Lease(shard, owner, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInstant(3))
            : null;
    }

    private DbCommand Command(string name) => database.Source.CreateCommand(SqlFiles.Of(name));
}
