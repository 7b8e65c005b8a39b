using System.Globalization;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Npgsql;

namespace Lifecycle.EventLog.Migrations;

/// <summary>Brings a database to the schema this program was built with: the numbered files of the folder Migrations, each once, each whole or not at
/// all.</summary>
internal static class SchemaMigrations
{
    // Any number will do as long as nobody else uses it; these are the letters of "lifecycl".
    private const long StartUpLock = 0x6c69666563796c;

    /// <summary>In which form rows, sealed parts and states are written. The first file of the folder Migrations notes it in a new
    /// database.</summary>
    private const int Format = 3;

    /// <param name="settings">From <see cref="Lifecycle.EventLog.Database.LogConnection.Settings"/>.</param>
    /// <exception cref="LogConfigurationException">The database is newer than this program, or of a form that it does not read.</exception>
    public static async Task RunAsync(string settings, CancellationToken ct)
    {
        var migrations = SqlFiles.Folder("Migrations")
            .Select(file => (Number: int.Parse(file.Name[..3], CultureInfo.InvariantCulture), file.Name, file.Text)).ToList();
        // Whoever starts at the same time waits here, as long as a migration may take. The connection is in no pool, so its settings end with it.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await ExecuteAsync(connection, "set lock_timeout = '5min'", ct);
        await ExecuteAsync(connection, "set statement_timeout = 0", ct);
        await ExecuteAsync(connection, $"select pg_advisory_lock({StartUpLock})", ct);
        try
        {
            await ExecuteAsync(connection,
                "create table if not exists schema_version (version int primary key, name text not null, applied_at timestamptz not null default "
                + "now())", ct);
            var version = await VersionAsync(connection, ct);
            var newest = migrations[^1].Number;
            if (version > newest)
                throw new LogConfigurationException(
                    $"The database has schema version {version} and this program knows {newest}: start the newer program, or give this one another "
                    + "database.");
            if (version > 0 && await FormatAsync(connection, ct) is var format && format != Format)
                throw new LogConfigurationException(format < Format
                    ? $"The database was made by an earlier version of this program, in format {format}, and this one reads format {Format} alone: "
                        + "give it an empty folder or database and import the events again, or go on with the earlier version."
                    : $"The database has format {format} and this program reads format {Format} alone: start the newer program, or give this one "
                        + "another database.");
            foreach (var migration in migrations.Where(migration => migration.Number > version))
                await ApplyAsync(connection, migration.Number, migration.Name, migration.Text, ct);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({StartUpLock})", CancellationToken.None);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, int number, string name, string text, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, text, ct);
        await using var note = new NpgsqlCommand("insert into schema_version (version, name) values ($1, $2)", connection).With(number).With(name);
        await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(version), 0) from schema_version", connection);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>1 for a database from before the form was noted.</summary>
    private static async Task<int> FormatAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var isNoted = new NpgsqlCommand("select to_regclass('log_format') is not null", connection);
        if (await isNoted.ExecuteScalarAsync(ct) is false) return 1;
        await using var command = new NpgsqlCommand("select coalesce(max(format), 1) from log_format", connection);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
