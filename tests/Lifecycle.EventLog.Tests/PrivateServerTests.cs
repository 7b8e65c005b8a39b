using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.EmbeddedPostgres;
using Lifecycle.EventLog.Log;
using Npgsql;

namespace Lifecycle.EventLog.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateServerTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "lifecycle-server-" + Guid.NewGuid().ToString("n"));
    private EmbeddedServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.StopAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(0.5, 128)]
    [InlineData(4, 512)]
    [InlineData(24, 2048)]
    public void It_keeps_pages_in_an_eighth_of_the_memory(double gigabytes, long megabytes) =>
        Assert.Equal(megabytes, ServerFolder.BufferMegabytes((long)(gigabytes * (1L << 30))));

    [Fact]
    public async Task A_server_outlives_its_owner_and_is_adopted()
    {
        var (first, process) = (await StartAsync(), Pid());
        await ExecuteAsync(first, "create table kept (n int)");
        var second = await StartAsync(); // The first owner is gone without a word.

        Assert.Equal((first.ConnectionUri, process), (second.ConnectionUri, Pid()));
        await ExecuteAsync(second, "insert into kept values (1)");
    }

    [Theory]
    [InlineData("password", null)]
    [InlineData("password", "")]
    [InlineData("cluster/PG_VERSION", "much")]
    public async Task A_start_without_what_it_needs_says_so_in_a_sentence(string file, string? content)
    {
        _server = await EmbeddedServer.StartAsync(_folder);
        await _server.StopAsync();
        var pointer = Path.Combine(_folder, "postgres.location");
        var path = Path.Combine(File.Exists(pointer) ? (await File.ReadAllTextAsync(pointer)).Trim() : Path.Combine(_folder, "postgres"), file);
        if (content is null) File.Delete(path);
        else await File.WriteAllTextAsync(path, content);
        var refused = await Assert.ThrowsAsync<LogConfigurationException>(() => EmbeddedServer.StartAsync(_folder));
        Assert.Contains("put ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(file), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_killed_or_stopped_goes_on_with_its_data()
    {
        var first = await StartAsync();
        await ExecuteAsync(first, "create table kept (n int)");
        Process.GetProcessById(Pid()).Kill(); // Leaves its pid file behind, and children that need a moment to notice.
        var second = await StartAsync();
        await ExecuteAsync(second, "insert into kept values (1)");
        await second.StopAsync();
        await second.StopAsync();
        var third = await StartAsync();
        await ExecuteAsync(third, "insert into kept values (2)");
        Assert.Equal(first.Port, third.Port);
    }

    [Fact]
    public async Task A_port_taken_by_another_is_left_to_it()
    {
        var first = await StartAsync();
        await first.StopAsync();
        using var other = new TcpListener(IPAddress.Loopback, first.Port);
        other.Start();
        Assert.NotEqual(first.Port, (await StartAsync()).Port);
    }

    [Fact]
    public async Task A_pid_file_that_names_another_process_is_stale()
    {
        var first = await StartAsync();
        await first.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres", "cluster", "postmaster.pid"), $"{Environment.ProcessId}\n/nowhere\n0\n1\n\n127.0.0.1\n\n\n");
        await ExecuteAsync(await StartAsync(), "select 1");
    }

    [Fact]
    public async Task Two_who_start_at_once_share_one_server()
    {
        var servers = await Task.WhenAll(Task.Run(() => EmbeddedServer.StartAsync(_folder)), Task.Run(() => EmbeddedServer.StartAsync(_folder)));
        _server = servers[0];
        Assert.Equal(servers[0].ConnectionUri, servers[1].ConnectionUri);
    }

    [Fact]
    public async Task The_password_is_for_its_owner_alone_and_there_is_no_way_in_without_it()
    {
        var server = await StartAsync();
        var file = Path.Combine(_folder, "postgres", "password");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var without = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = server.Port, Username = "postgres", Password = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(without.ConnectionString);
        Assert.Equal("28P01", (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())).SqlState);
    }

    [Fact]
    public async Task A_data_folder_out_of_reach_has_its_server_elsewhere_and_says_where()
    {
        if (!Environment.IsPrivilegedProcess) return; // Only root's folders are out of reach for the OS user postgres.
        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var server = await StartAsync();
        var elsewhere = (await File.ReadAllTextAsync(Path.Combine(_folder, "postgres.location"))).Trim();
        try
        {
            Assert.StartsWith("/var/lib/lifecycle/", elsewhere, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(_folder, "postgres")));
            Assert.Equal(server.ConnectionUri, (await StartAsync()).ConnectionUri);
        }
        finally
        {
            await server.StopAsync();
            Directory.Delete(elsewhere, recursive: true);
            _server = null;
        }
    }

    private async Task<EmbeddedServer> StartAsync() => _server = await EmbeddedServer.StartAsync(_folder);

    private int Pid() => int.Parse(File.ReadLines(Path.Combine(_folder, "postgres", "cluster", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static async Task ExecuteAsync(EmbeddedServer server, string statement)
    {
        await using var source = NpgsqlDataSource.Create(LogConnection.Settings(server.ConnectionUri));
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
