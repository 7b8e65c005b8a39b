using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using NodaTime;
using Npgsql;

namespace Lifecycle.Cli.Commands;

/// <summary>Where a log lies.</summary>
/// <param name="Database">The address of its database.</param>
/// <param name="Archive">The folder of its archived months.</param>
internal sealed record LogPlace(string Database, string Archive);

/// <summary>The database of a server, opened by a command that works on the log itself.</summary>
internal static class ServerLog
{
    /// <exception cref="CommandFailedException">There is no log, or the database does not answer.</exception>
    public static async Task<LogDatabase> OpenAsync(LogPlace place, CancellationToken ct) =>
        await LogDatabase.OpenAsync(place.Database, await OptionsOfAsync(place.Database, ct) with { ArchiveFolder = place.Archive }, ct);

    /// <summary>What was fixed when the database was created, so that nobody has to say it again.</summary>
    private static async Task<LogOptions> OptionsOfAsync(string connection, CancellationToken ct)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(LogConnection.Settings(connection));
            await using var command = source.CreateCommand("select shards, message_id_window_ms from cluster");
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await reader.ReadAsync(ct)
                ? new LogOptions { Shards = reader.GetInt32(0), MessageIdWindow = Duration.FromMilliseconds(reader.GetInt64(1)) }
                : throw new CommandFailedException("This database holds no log yet.");
        }
        catch (PostgresException absent) when (absent.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new CommandFailedException("This database holds no log yet.", absent);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            throw new CommandFailedException($"The database does not answer as it should: {away.Message}", away);
        }
    }
}
