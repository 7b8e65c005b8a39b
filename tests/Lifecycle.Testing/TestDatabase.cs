using System.Globalization;
using Lifecycle.EventLog;
using Npgsql;

namespace Lifecycle.Testing;

/// <summary>A fresh, migrated database of its own for one test, on one private PostgreSQL per test process.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Template = "template_lifecycle";

    private static readonly Lazy<Task<TestServer>> Server = new(StartServerAsync);
    private static int _made;

    private readonly string _name;

    private TestDatabase(PrivateServer server, string name) => (_name, ConnectionUri) = (name, AddressOf(server, name));

    public string ConnectionUri { get; }

    /// <summary>The server's port on 127.0.0.1.</summary>
    public int Port => new Uri(ConnectionUri).Port;

    /// <summary>A database with the present schema and no shards yet: the first to open it says how many.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var server = (await Server.Value).Server;
        var name = "test_" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(server.ConnectionUri, $"create database {name} template {Template}");
        return new TestDatabase(server, name);
    }

    /// <summary>An empty database, not migrated.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        var server = (await Server.Value).Server;
        var name = "test_" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(server.ConnectionUri, $"create database {name}");
        return new TestDatabase(server, name);
    }

    public Task<LogDatabase> OpenLogAsync(LogOptions? options = null) => LogDatabase.OpenAsync(ConnectionUri, options ?? new LogOptions());

    /// <summary>The address of this database by way of another port, for instance a proxy's.</summary>
    public string ConnectionUriVia(int port) => new UriBuilder(ConnectionUri) { Port = port }.Uri.ToString();

    /// <summary>A connection with the settings of an ordinary client, none of the log's.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var address = new NpgsqlConnectionStringBuilder(LogConnection.Settings(ConnectionUri)) { Options = "", Pooling = false };
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

    public async Task ExecuteAsync(string statement)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
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
        var owned = await TestServer.StartAsync();
        await ExecuteAsync(owned.Server.ConnectionUri, $"create database {Template}");
        await LogDatabase.MigrateAsync(AddressOf(owned.Server, Template));
        return owned;
    }

    private static string AddressOf(PrivateServer server, string database) => new UriBuilder(server.ConnectionUri) { Path = database }.Uri.ToString();

    private static async Task ExecuteAsync(string address, string statement)
    {
        await using var source = NpgsqlDataSource.Create(LogConnection.Settings(address));
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
