using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.EventLog.Log;

namespace Lifecycle.EventLog.EmbeddedPostgres;

/// <summary>Where the private server's files lie.</summary>
internal sealed class ServerFolder
{
    private const string Elsewhere = "/var/lib/lifecycle";

    private ServerFolder(string root) => Root = root;

    public string Root { get; }
    public string Cluster => Path.Combine(Root, "cluster");
    public string Unfinished => Path.Combine(Root, "cluster.unfinished");
    public string PasswordFile => Path.Combine(Root, "password");
    public string LogFile => Path.Combine(Root, "server.log");
    public string PidFile => Path.Combine(Cluster, "postmaster.pid");
    public bool Exists => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    /// <summary>PostgreSQL's major version that made the files.</summary>
    /// <exception cref="LogConfigurationException">They do not say; the message says what to do.</exception>
    public int Version => int.TryParse(File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture, out var version)
        ? version
        : throw new LogConfigurationException(
            $"The file PG_VERSION in {Cluster} does not say which PostgreSQL made the files; put it back from a backup.");

    private string SettingsFile => Path.Combine(Cluster, "lifecycle.conf");

    /// <summary>Keeps other processes of ours from starting the same server meanwhile.</summary>
    public static async Task<IDisposable> LockAsync(string data, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(data, "postgres.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
            }
        }
        throw new LogConfigurationException($"Another process has been starting PostgreSQL in {data} for two minutes; stop it and start again.");
    }

    /// <summary>The folder of a data folder's server: inside it, or elsewhere where PostgreSQL's OS user cannot reach that.</summary>
    public static async Task<ServerFolder> LocateAsync(string data, CancellationToken ct)
    {
        var pointer = Path.Combine(data, "postgres.location");
        if (File.Exists(pointer)) return new ServerFolder((await File.ReadAllTextAsync(pointer, ct)).Trim());
        var inside = new ServerFolder(Path.Combine(data, "postgres"));
        await inside.PrepareAsync(ct);
        if (await ServerPrograms.ReachesAsync(inside, ct)) return inside;
        Directory.Delete(inside.Root);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)))[..16];
        for (var number = 1; ; number++)
        {
            // A folder that exists belonged to a data folder of this name that was deleted. It is not ours to take or to remove.
            var root = Path.Combine(Elsewhere, number == 1 ? hash : $"{hash}-{number.ToString(CultureInfo.InvariantCulture)}");
            if (Directory.Exists(root)) continue;
            var outside = new ServerFolder(root);
            await outside.PrepareAsync(ct);
            await File.WriteAllTextAsync(pointer, root + "\n", ct);
            return outside;
        }
    }

    /// <summary>Writes a file that only PostgreSQL's OS user, and root, can read.</summary>
    public static async Task WriteSecretAsync(string file, string text, CancellationToken ct)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(file, Encoding.ASCII, options)) await writer.WriteAsync(text + "\n");
        await ServerPrograms.OwnAsync(file, ct);
    }

    /// <summary>The password that the server was made with.</summary>
    /// <exception cref="LogConfigurationException">It is lost; the message says what to do.</exception>
    public async Task<string> ReadPasswordAsync(CancellationToken ct)
    {
        string? password = null;
        try
        {
            password = (await File.ReadAllTextAsync(PasswordFile, ct)).Trim();
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            // Told below, as one that is empty.
        }
        return !string.IsNullOrEmpty(password) ? password : throw new LogConfigurationException(
            $"The password of the private PostgreSQL cannot be read from {PasswordFile}: put the file back from a backup, readable for this user. "
            + "Nothing is lost, but without it nobody gets in.");
    }

    /// <summary>The port it listened on last, or null.</summary>
    public async Task<int?> ReadPortAsync(CancellationToken ct)
    {
        if (!File.Exists(SettingsFile)) return null;
        var line = (await File.ReadAllLinesAsync(SettingsFile, ct)).FirstOrDefault(text => text.StartsWith("port = ", StringComparison.Ordinal));
        return line is not null && int.TryParse(line[7..], CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    /// <summary>How much of the machine's memory PostgreSQL keeps pages in: an eighth, at least 128 MB and at most 2 GB. What it does not need of
    /// that it does not take.</summary>
    /// <remarks>The newest pages of all customers' timelines are written again and again; where they have no room, every event pushes out another
    /// customer's.</remarks>
    internal static long BufferMegabytes(long memory) => Math.Clamp(memory / 8 / (1024 * 1024), 128, 2048);

    // Backends that write pages out by themselves tell the kernel to begin at once: let run up, it would write all of it half a minute later, and
    // commits would wait behind that for some hundred milliseconds. Files of the write-ahead log are kept through quiet hours, since commits wait
    // while a new one is made.
    public Task WriteSettingsAsync(int port, CancellationToken ct) => WriteSecretAsync(SettingsFile,
        $"""
        # Written at each start.
        listen_addresses = '127.0.0.1'
        port = {port.ToString(CultureInfo.InvariantCulture)}
        unix_socket_directories = ''
        max_connections = 100
        shared_buffers = '{BufferMegabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes).ToString(CultureInfo.InvariantCulture)}MB'
        work_mem = '16MB'
        min_wal_size = '1GB'
        max_wal_size = '2GB'
        backend_flush_after = '256kB'
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        jit = off
        timezone = 'UTC'
        """, ct);

    private async Task PrepareAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Root);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await ServerPrograms.OwnAsync(Root, ct);
    }
}
