using System.Diagnostics;
using System.Globalization;
using Lifecycle.EventLog.EmbeddedPostgres;

namespace Lifecycle.Testing;

/// <summary>A PostgreSQL that a test owns and may stop without warning. It goes with this process, however that ends.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _cleaner; // Kept, because its input has to stay open as long as this process lives.

    private TestServer(string folder, EmbeddedServer server, Process cleaner) => (_folder, Server, _cleaner) = (folder, server, cleaner);

    public EmbeddedServer Server { get; private set; }

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="folder">Where its files are to lie; by default a folder of its own, which goes with it.</param>
    public static async Task<TestServer> StartAsync(string? folder = null)
    {
        // Not a folder for us alone: as root, PostgreSQL runs as another user, who has to get in.
        folder ??= Path.Combine(Path.GetTempPath(), "lifecycle-tests-" + Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(folder);
        var server = await EmbeddedServer.StartAsync(folder);
        return new TestServer(folder, server, CleanUpAfterUs(folder));
    }

    /// <summary>Ends it as <c>pg_ctl stop -m immediate</c> does: nothing is written any more, every connection breaks. Waits for its end.</summary>
    public async Task StopImmediatelyAsync()
    {
        if (ProcessId() is not { } id) return;
        using var sent = Process.Start("kill", ["-QUIT", id.ToString(CultureInfo.InvariantCulture)]);
        await sent.WaitForExitAsync();
        while (Directory.Exists($"/proc/{id}")) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
    }

    /// <summary>Starts it again, on the same port, where it does not run. It recovers from its log before it answers.</summary>
    public async Task StartAgainAsync() => Server = await EmbeddedServer.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        _cleaner.StandardInput.Close();
        await _cleaner.WaitForExitAsync();
        _cleaner.Dispose();
    }

    private int? ProcessId()
    {
        var file = Path.Combine(_folder, "postgres", "cluster", "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture) : null;
    }

    // A shell that waits for the end of its input, which comes when this process ends in whatever way, and then removes the server with its
    // files. Nothing of a test is worth an orderly shutdown.
    private static Process CleanUpAfterUs(string folder)
    {
        const string script =
            """
            trap '' INT TERM HUP; exec >/dev/null 2>&1; read -r _
            running="$0/postgres/cluster/postmaster.pid"
            kill -QUIT "$(head -n 1 "$running")"
            for second in 1 2 3 4 5 6 7 8 9 10; do test -e "$running" && sleep 1; done
            rm -rf "$0"
            """;
        return Process.Start(new ProcessStartInfo("sh", ["-c", script, folder]) { RedirectStandardInput = true })!;
    }
}
