using System.Globalization;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.EmbeddedPostgres;
using Lifecycle.EventLog.Log;
using Npgsql;

namespace Lifecycle.Benchmarks;

/// <summary>A PostgreSQL of the benchmark's own in a fresh folder, with fsync and synchronous_commit as the product has them, gone with the benchmark.</summary>
internal sealed class Rig : IAsyncDisposable
{
    /// <summary><c>LIFECYCLE_SHARDS</c>, by default as many as the product makes.</summary>
    private static readonly int Shards =
        Environment.GetEnvironmentVariable("LIFECYCLE_SHARDS") is { } shards ? int.Parse(shards, CultureInfo.InvariantCulture) : new LogOptions().Shards;

    private readonly EmbeddedServer _server;

    private Rig(string folder, EmbeddedServer server, LogDatabase database, int postmaster) =>
        (Folder, _server, Database, Postmaster) = (folder, server, database, postmaster);

    public string Folder { get; }

    public string ConnectionUri => _server.ConnectionUri;

    public LogDatabase Database { get; }

    /// <summary>The id of PostgreSQL's own process, the parent of its backends.</summary>
    public int Postmaster { get; }

    public static async Task<Rig> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-bench-").FullName;
        var server = await EmbeddedServer.StartAsync(folder);
        await MakeLogFilesAsync(server);
        var database = await LogDatabase.OpenAsync(server.ConnectionUri, new LogOptions { Shards = Shards });
        await using var command = database.Source.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        var stat = await File.ReadAllTextAsync($"/proc/{backend}/stat");
        return new Rig(folder, server, database, int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Has PostgreSQL make the files of its write-ahead log, 2 GB, as one has that has been at work for a while, and write over them from then on.</summary>
    /// <remarks>A server that has just been made adds one whenever one is full, after 16 MB, and every commit waits for that.</remarks>
    private static async Task MakeLogFilesAsync(EmbeddedServer server)
    {
        var settings = new NpgsqlConnectionStringBuilder(LogConnection.Settings(server.ConnectionUri)) { Username = "postgres", Database = "postgres", Pooling = false };
        await using var source = NpgsqlDataSource.Create(settings);
        for (var part = 0; part < 21; part++) await ExecuteAsync("select pg_logical_emit_message(false, 'filler', repeat('-', 1000000)) from generate_series(1, 100)");
        await ExecuteAsync("checkpoint");

        async Task ExecuteAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _server.StopAsync();
        // Where PostgreSQL's user cannot reach the folder, the server's files lie elsewhere, and a file in the folder says where.
        var pointer = Path.Combine(Folder, "postgres.location");
        if (File.Exists(pointer)) Directory.Delete((await File.ReadAllTextAsync(pointer)).Trim(), recursive: true);
        Directory.Delete(Folder, recursive: true);
    }
}
