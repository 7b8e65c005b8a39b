using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Npgsql;

namespace Lifecycle.EventLog.EmbeddedPostgres;

/// <summary>A PostgreSQL of our own under the data folder, for those who named none.</summary>
/// <remarks><para>It has data checksums, listens on 127.0.0.1 only, asks for a password that is kept in a file readable by its owner alone, and
/// writes through to the disk. It outlives a killed process of ours and is adopted by the next one.</para>
/// <para>PostgreSQL refuses to run as root, so root runs it as the OS user postgres; where that user cannot reach the data folder, the
/// server's files lie under /var/lib/lifecycle and the file <c>postgres.location</c> in the data folder says where.</para></remarks>
public sealed class EmbeddedServer
{
    private const string Name = "lifecycle";
    private const string Administrator = "postgres";

    /// <summary>How often a start is tried, half a second apart, before it is given up.</summary>
    private const int StartsMax = 10;

    private readonly ServerFolder _folder;
    private readonly ServerPrograms _programs;

    private EmbeddedServer(ServerFolder folder, ServerPrograms programs, int port, string password) =>
        (_folder, _programs, Port, ConnectionUri) = (folder, programs, port, $"postgresql://{Name}:{password}@127.0.0.1:{port}/{Name}");

    /// <summary>The address of the database <c>lifecycle</c>, with its password.</summary>
    public string ConnectionUri { get; }

    public int Port { get; }

    /// <summary>Where its files lie.</summary>
    public string Folder => _folder.Cluster;

    /// <summary>Starts the server of a data folder, making it where there is none, or adopts it where it runs already.</summary>
    /// <exception cref="LogConfigurationException">It could not be started; the message says in one sentence what to do.</exception>
    public static async Task<EmbeddedServer> StartAsync(string dataFolder, CancellationToken ct = default)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            throw new LogConfigurationException("A private PostgreSQL is started on Linux and macOS only; name a database in LIFECYCLE_DATABASE.");
        var data = Directory.CreateDirectory(Path.GetFullPath(dataFolder)).FullName;
        using var alone = await ServerFolder.LockAsync(data, ct);
        var programs = ServerPrograms.Find();
        var folder = await ServerFolder.LocateAsync(data, ct);
        if (!folder.Exists) await CreateAsync(folder, programs, ct);
        programs = programs.OfVersion(folder.Version);
        var password = await folder.ReadPasswordAsync(ct);
        var port = await AdoptAsync(folder, programs, password, ct) ?? await StartAsync(folder, programs, ct);
        var server = new EmbeddedServer(folder, programs, port, password);
        await EnsureDatabaseAsync(port, password, ct);
        return server;
    }

    /// <summary>Stops the server; clients are disconnected and everything committed is on disk. Nothing happens when it does not run.</summary>
    public async Task StopAsync()
    {
        if (RunningProcess(_folder) is null) return;
        await _programs.RunAsync(_folder, "pg_ctl", ["stop", "-D", _folder.Cluster, "-m", "fast", "-w", "-t", "60", "-s"],
            "PostgreSQL did not stop within a minute", CancellationToken.None);
    }

    private static async Task CreateAsync(ServerFolder folder, ServerPrograms programs, CancellationToken ct)
    {
        // Made beside its place and moved there when complete: an interrupted start leaves nothing that looks like a server.
        if (Directory.Exists(folder.Unfinished)) Directory.Delete(folder.Unfinished, recursive: true);
        await ServerFolder.WriteSecretAsync(folder.PasswordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), ct);
        await programs.RunAsync(folder, "initdb",
            ["-D", folder.Unfinished, "-U", Administrator, "--auth=scram-sha-256", "--pwfile=" + folder.PasswordFile, "--data-checksums",
                "--encoding=UTF8", "--locale=C", "--no-instructions"],
            "PostgreSQL's files could not be made", ct);
        await File.AppendAllTextAsync(Path.Combine(folder.Unfinished, "postgresql.conf"), "\ninclude_if_exists = 'lifecycle.conf'\n", ct);
        Directory.Move(folder.Unfinished, folder.Cluster);
    }

    // A server that runs goes on running, whoever started it. A pid file whose process is another's is what a crash of the machine left behind.
    private static async Task<int?> AdoptAsync(ServerFolder folder, ServerPrograms programs, string password, CancellationToken ct)
    {
        if (RunningProcess(folder) is null)
        {
            File.Delete(folder.PidFile);
            return null;
        }
        var (status, _) = await programs.TryRunAsync(folder, "pg_ctl", ["status", "-D", folder.Cluster], ct);
        if (status != 0) return null;
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var lines = File.Exists(folder.PidFile) ? await File.ReadAllLinesAsync(folder.PidFile, ct) : [];
            if (lines.Length >= 4 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port) && await AnswersAsync(port, password, ct))
                return port;
            if (RunningProcess(folder) is null) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }
        throw new LogConfigurationException($"The PostgreSQL that runs in {folder.Cluster} does not answer; stop it and start again.");
    }

    private static async Task<int> StartAsync(ServerFolder folder, ServerPrograms programs, CancellationToken ct)
    {
        // Between the choice of a port and the server's binding to it another program may take it; and after a kill the processes of the former
        // server may hold its memory for a moment longer.
        for (var attempt = 1; ; attempt++)
        {
            var port = await folder.ReadPortAsync(ct) is { } kept && IsFree(kept) ? kept : FreePort();
            await folder.WriteSettingsAsync(port, ct);
            var (status, output) = await programs.TryRunAsync(folder, "pg_ctl",
                ["start", "-D", folder.Cluster, "-l", folder.LogFile, "-w", "-t", "60", "-s"], ct);
            if (status == 0) return port;
            if (attempt == StartsMax)
                throw new LogConfigurationException($"PostgreSQL could not be started: see {folder.LogFile}. {output}".TrimEnd());
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
        }
    }

    private static async Task EnsureDatabaseAsync(int port, string password, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(AdministratorAddress(port, password));
        // The password is made of hexadecimal digits only. The role may make databases: tests and copies of the log are made in new ones.
        await EnsureAsync(source, $"select 1 from pg_roles where rolname = '{Name}'", $"create role {Name} login createdb password '{password}'", ct);
        await EnsureAsync(source, $"select 1 from pg_database where datname = '{Name}'", $"create database {Name} owner {Name}", ct);
    }

    private static async Task EnsureAsync(NpgsqlDataSource source, string exists, string create, CancellationToken ct)
    {
        await using var query = source.CreateCommand(exists);
        if (await query.ExecuteScalarAsync(ct) is not null) return;
        await using var command = source.CreateCommand(create);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<bool> AnswersAsync(int port, string password, CancellationToken ct)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(AdministratorAddress(port, password));
            await using var connection = await source.OpenConnectionAsync(ct);
            return true;
        }
        catch (Exception failure) when (PassingFailures.MayPass(failure))
        {
            return false;
        }
    }

    private static string AdministratorAddress(int port, string password) => LogConnection.Settings(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = port, Username = Administrator, Password = password, Database = Administrator, Pooling = false,
    }.ConnectionString);

    /// <summary>The id of the server's process, or null when the pid file is missing or names a process that is not this server.</summary>
    private static int? RunningProcess(ServerFolder folder)
    {
        if (!File.Exists(folder.PidFile)) return null;
        var first = File.ReadLines(folder.PidFile).FirstOrDefault();
        if (!int.TryParse(first, CultureInfo.InvariantCulture, out var process)) return null;
        if (!OperatingSystem.IsLinux()) return process;
        return Directory.Exists($"/proc/{process}") && new FileInfo($"/proc/{process}/cwd").LinkTarget == folder.Cluster ? process : null;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
