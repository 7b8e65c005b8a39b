using System.Data.Common;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using NodaTime;

namespace Lifecycle.EventLog.Leases;

/// <summary>A process that was seen lately.</summary>
/// <param name="Id">The owner of its leases.</param>
public sealed record LiveProcess(Guid Id, IReadOnlyList<string> Roles);

/// <summary>Which processes are at work on this database, as they say themselves. All instants are the database's.</summary>
/// <remarks>This decides who should process what, never who may: that is the leases' business.</remarks>
public sealed class ProcessRegistry(LogDatabase database)
{
    /// <summary>The role of those who process shards.</summary>
    public const string Process = "process";

    private static readonly Duration KeptAfterwards = Duration.FromHours(1);

    /// <summary>Says that a process is alive, and removes those that have said nothing for an hour.</summary>
    /// <param name="process">The owner of its leases.</param>
    public async Task ReportAsync(Guid process, IEnumerable<string> roles, CancellationToken ct = default)
    {
        await ExecuteAsync(database.Source.CreateCommand(SqlFiles.Of("report_process")).With(process).With(roles.ToArray()), ct);
        await ExecuteAsync(database.Source.CreateCommand(SqlFiles.Of("forget_processes")).With(KeptAfterwards.ToTimeSpan()), ct);
    }

    /// <summary>Those that were seen within <see cref="Lifecycle.EventLog.Log.LogOptions.LeaseTime"/>, in no order.</summary>
    public async Task<IReadOnlyList<LiveProcess>> AliveAsync(CancellationToken ct = default) =>
        await database.Source.CreateCommand(SqlFiles.Of("read_processes")).With(database.Options.LeaseTime.ToTimeSpan())
            .ListAsync(row => new LiveProcess(row.GetGuid(0), row.GetFieldValue<string[]>(1)), ct);

    /// <summary>Says that a process stops, so that others need not wait to find out.</summary>
    public Task LeaveAsync(Guid process, CancellationToken ct = default) =>
        ExecuteAsync(database.Source.CreateCommand(SqlFiles.Of("leave_process")).With(process), ct);

    private static async Task ExecuteAsync(DbCommand statement, CancellationToken ct)
    {
        await using var command = statement;
        await command.ExecuteNonQueryAsync(ct);
    }
}
