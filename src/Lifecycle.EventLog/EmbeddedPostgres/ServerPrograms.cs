using System.Diagnostics;
using System.Globalization;
using Lifecycle.EventLog.Log;

namespace Lifecycle.EventLog.EmbeddedPostgres;

/// <summary>PostgreSQL's programs as installed here, run as an OS user that PostgreSQL accepts.</summary>
internal sealed class ServerPrograms
{
    private const string Installed = "/usr/lib/postgresql";
    private const string OsUser = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;

    private ServerPrograms(string folder) => _folder = folder;

    /// <summary>The newest version installed the way Debian does, else what the search path has.</summary>
    public static ServerPrograms Find()
    {
        var newest = Versions().OrderByDescending(version => version.Number).FirstOrDefault().Folder;
        var found = newest ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
        return new ServerPrograms(found ?? throw new LogConfigurationException(
            "PostgreSQL is not installed: install it (Debian and Ubuntu: apt-get install postgresql) or name a database in LIFECYCLE_DATABASE."));
    }

    /// <summary>The programs of the major version that made the files; a newer one cannot read them.</summary>
    public ServerPrograms OfVersion(int version)
    {
        if (!_folder.StartsWith(Installed + "/", StringComparison.Ordinal)) return this;
        var found = Versions().FirstOrDefault(installed => installed.Number == version).Folder;
        return found is null
            ? throw new LogConfigurationException(
            $"The data folder was made by PostgreSQL {version}, which is not installed: install postgresql-{version}.")
            : new ServerPrograms(found);
    }

    /// <exception cref="LogConfigurationException">The program failed; <paramref name="complaint"/> with what it said.</exception>
    public async Task RunAsync(ServerFolder folder, string program, IReadOnlyList<string> arguments, string complaint, CancellationToken ct)
    {
        var (status, output) = await TryRunAsync(folder, program, arguments, ct);
        if (status != 0) throw new LogConfigurationException($"{complaint}: {output}");
    }

    public Task<(int Status, string Output)> TryRunAsync(ServerFolder folder, string program, IReadOnlyList<string> arguments,
        CancellationToken ct) =>
        ExecuteAsync(folder.Root, AsOsUser([Path.Combine(_folder, program), .. arguments]), ct);

    /// <summary>Whether PostgreSQL's OS user gets into the folder, for which each folder above must let it pass.</summary>
    public static async Task<bool> ReachesAsync(ServerFolder folder, CancellationToken ct) =>
        !Environment.IsPrivilegedProcess || (await ExecuteAsync("/", AsOsUser(["test", "-w", folder.Root]), ct)).Status == 0;

    /// <summary>Gives a file or folder to PostgreSQL's OS user, where that is not us.</summary>
    public static async Task OwnAsync(string path, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) return;
        var (status, output) = await ExecuteAsync("/", ["chown", $"{OsUser}:", path], ct);
        if (status != 0) throw new LogConfigurationException($"{path} could not be given to the OS user {OsUser}: {output}");
    }

    private static IReadOnlyList<string> AsOsUser(IReadOnlyList<string> command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={OsUser}", $"--regid={OsUser}", "--clear-groups", .. command] : command;

    private static IEnumerable<(int Number, string Folder)> Versions() => !Directory.Exists(Installed) ? []
        : from folder in Directory.EnumerateDirectories(Installed)
          let name = Path.GetFileName(folder)
          where name.All(char.IsAsciiDigit) && File.Exists(Path.Combine(folder, "bin", "initdb"))
              && File.Exists(Path.Combine(folder, "bin", "postgres"))
          select (int.Parse(name, CultureInfo.InvariantCulture), Path.Combine(folder, "bin"));

    private static async Task<(int Status, string Output)> ExecuteAsync(string workingFolder, IReadOnlyList<string> command, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = workingFolder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new LogConfigurationException($"{command[0]} could not be run.");
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, string.Join(
                ' ', $"{await errors} {await output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
