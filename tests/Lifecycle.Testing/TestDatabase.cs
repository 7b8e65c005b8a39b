using System.Globalization;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.EmbeddedPostgres;
using Lifecycle.EventLog.Log;
using Npgsql;

namespace Lifecycle.Testing;

/// <summary>A fresh, migrated database of its own for one test, on one private PostgreSQL per test process.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Template = "template_lifecycle";

    private static readonly Lazy<Task<TestServer>> Server = new(StartServerAsync);
    private static int _made;

    private readonly string _name;
    private readonly bool _isMigrated;

    private TestDatabase(EmbeddedServer server, string name, bool isMigrated) =>
        (_name, _isMigrated, ConnectionUri) = (name, isMigrated, AddressOf(server, name));

    public string ConnectionUri { get; }

    /// <summary>The server's port on 127.0.0.1.</summary>
    public int Port => new Uri(ConnectionUri).Port;

    /// <summary>A database with the present schema and no shards yet: the first to open it says how many.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var server = (await Server.Value).Server;
        var name = "test_" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(server.ConnectionUri, $"create database {name} template {Template}");
        return new TestDatabase(server, name, isMigrated: true);
    }

    /// <summary>An empty database, not migrated.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        var server = (await Server.Value).Server;
        var name = "test_" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(server.ConnectionUri, $"create database {name}");
        return new TestDatabase(server, name, isMigrated: false);
    }

    public Task<LogDatabase> OpenLogAsync(LogOptions? options = null) => LogDatabase.OpenAsync(ConnectionUri, options ?? new LogOptions());

    /// <summary>The address of this database by way of another port, for instance a proxy's.</summary>
    public string ConnectionUriVia(int port) => new UriBuilder(ConnectionUri) { Port = port }.Uri.ToString();

    /// <summary>A connection with the settings of an ordinary client, none of the log's.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var address = new NpgsqlConnectionStringBuilder(LogConnection.Settings(ConnectionUri)) { Options = "", Pooling = false, CommandTimeout = 0 };
        var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The first column of the first row of a query.</summary>
    public async Task<T> ScalarAsync<T>(string query)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Executes a statement by hand, in a transaction of its own that is not held to the product's contract.</summary>
    public async Task ExecuteAsync(string statement, params object[] parameters)
    {
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
        if (_isMigrated) await ExecutedSql.NoteByHandAsync(connection);
        await transaction.CommitAsync();
    }

    /// <summary>Drops the database, after a look at what was executed and written.</summary>
    /// <exception cref="SqlContractException">The product did not keep to its contract with the database.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_isMigrated) await JudgeAsync();
        }
        finally
        {
            await DropAsync();
        }
    }

    private async Task JudgeAsync()
    {
        ExecutedSql.ThrowIfBroken();
        await using var connection = await ConnectAsync();
        await ExecutedSql.ThrowIfAcrossShardsAsync(connection);
    }

    private async Task DropAsync()
    {
        try
        {
            await ExecuteAsync((await Server.Value).Server.ConnectionUri, $"drop database {_name} with (force)");
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Autovacuum is at work there, which only a superuser may end. The database goes with the server instead, when the tests are over.
        }
    }

    private static async Task<TestServer> StartServerAsync()
    {
        ExecutedSql.Record();
        var owned = await TestServer.StartAsync();
        await ExecuteAsync(owned.Server.ConnectionUri, $"create database {Template}");
        await LogDatabase.MigrateAsync(AddressOf(owned.Server, Template));
        await ExecuteAsync(AddressOf(owned.Server, Template), ExecutedSql.ByHand);
        return owned;
    }

    private static string AddressOf(EmbeddedServer server, string database) => new UriBuilder(server.ConnectionUri) { Path = database }.Uri.ToString();

    // Making and dropping a database waits for the disk, on a busy machine for longer than any statement of the product may take.
    private static async Task ExecuteAsync(string address, string statement)
    {
        var settings = new NpgsqlConnectionStringBuilder(LogConnection.Settings(address)) { Options = "", CommandTimeout = 0 };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
