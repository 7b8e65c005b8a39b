using System.Globalization;
using System.Net;
using Lifecycle.EventLog.Log;

namespace Lifecycle.Api.Hosting;

/// <summary>What a process does for the shards it can reach.</summary>
[Flags]
public enum Roles
{
    /// <summary>Takes events in.</summary>
    Ingest = 1,

    /// <summary>Runs the customers' machines of the shards it leases.</summary>
    Process = 2,

    /// <summary>Sends what journeys request, and carries what one customer tells another.</summary>
    Deliver = 4,

    /// <summary>All of them: the default.</summary>
    All = Ingest | Process | Deliver,
}

/// <summary>Which made-up customers live in a new installation.</summary>
public enum DemoKind
{
    /// <summary>Nobody; the stages are those of the shop.</summary>
    None,

    /// <summary>Players of an online game.</summary>
    Game,

    /// <summary>Readers of a magazine.</summary>
    Subscription,

    /// <summary>Customers of a shop.</summary>
    Retail,
}

/// <summary>How the server was asked to start. Checked once, then fixed.</summary>
public sealed record ServerOptions
{
    /// <summary>What can be said at the start, for people.</summary>
    public const string Usage = """
        Starts Lifecycle on this machine.

        Usage: ./run [OPTION VALUE]…

          --port NUMBER    where it listens; 0 takes any free port (5080)
          --data FOLDER    holds server.json with address and keys, and the private database (.lifecycle)
          --demo KIND      made-up customers: game, subscription, retail, or none (./run says game)
          --help           shows this

        Variables:

          LIFECYCLE_DATABASE          a PostgreSQL to use instead of a private one, as postgresql://user:password@host/name
          LIFECYCLE_BIND              the address it listens at (127.0.0.1)
          LIFECYCLE_ROLES             what this process does: ingest, process, deliver (all of them)
          LIFECYCLE_SHARDS            shards of a new database (16)
          LIFECYCLE_ARCHIVE           where the files of archived months lie (archive in the data folder)
          LIFECYCLE_CONNECTIONS       the most connections of this process to the database (4 for each processor and 4, 12 to 40)
          LIFECYCLE_FREE_SPACE_FLOOR  nothing is taken in while the private database's disk has less free than this (1GB; 0 for no floor)
          LIFECYCLE_LEASE_SECONDS     how long a shard waits for a process that died, 2 to 60 (10)
          LIFECYCLE_LOG_LEVEL         what is logged at least: trace, debug, information, warning, error or none (warning)
          LIFECYCLE_ALLOW_ADDRESSES   networks that webhooks may go to although they are not public, as 127.0.0.0/8,::1
        """;

    /// <summary>Where it listens; 0 takes any free port. 5080 by default.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Only this machine by default.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Holds <c>server.json</c> and, unless <see cref="Database"/> names another, the database.</summary>
    public string DataFolder { get; init; } = ".lifecycle";

    public DemoKind Demo { get; init; } = DemoKind.None;

    /// <summary>A PostgreSQL address; null to start a private PostgreSQL under the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>Networks that webhooks may go to although they are not public, as <c>127.0.0.0/8,::1</c>.</summary>
    public string AllowAddresses { get; init; } = "";

    public Roles Roles { get; init; } = Roles.All;

    /// <summary>How many shards a new database gets. Fixed with the database's first start.</summary>
    public int Shards { get; init; } = 16;

    /// <summary>The most connections of this process to the database, 8 to 1000; null for what the address says, and
    /// <see cref="Lifecycle.EventLog.Database.LogConnection.ConnectionsByDefault"/> where it says nothing.</summary>
    public int? Connections { get; init; }

    /// <summary>Nothing is taken in while the disk of the private database has fewer free bytes than this; 1 GB by default, 0 for no floor.</summary>
    /// <remarks>The disk of a database that <see cref="Database"/> names cannot be seen from here and is not measured.</remarks>
    public long FreeSpaceFloor { get; init; } = 1_000_000_000;

    /// <summary>How many seconds a shard's lease lasts without renewal, 2 to 60; it is renewed after a third of that. The same for all processes
    /// on one database.</summary>
    public int LeaseSeconds { get; init; } = 10;

    /// <summary>What is logged at least. From <see cref="LogLevel.Information"/> down the addresses of requests are, and with them ids of
    /// customers.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>Where the files of archived months lie; null for <c>archive</c> in the data folder.</summary>
    public string? Archive { get; init; }

    public string ArchiveFolder => Archive ?? Path.Combine(DataFolder, "archive");

    /// <summary>Reads <c>--port 5080 --data .lifecycle --demo game</c> and the variables that begin with LIFECYCLE_.</summary>
    /// <exception cref="StartRefusedException">Something in them cannot be; the message says what.</exception>
    public static ServerOptions Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new ServerOptions
        {
            Database = NotEmpty(environment("LIFECYCLE_DATABASE")),
            AllowAddresses = environment("LIFECYCLE_ALLOW_ADDRESSES") ?? "",
            Roles = NotEmpty(environment("LIFECYCLE_ROLES")) is { } roles ? ReadRoles(roles) : Roles.All,
            Bind = NotEmpty(environment("LIFECYCLE_BIND")) is { } address ? ReadAddress(address) : IPAddress.Loopback,
            Shards = NotEmpty(environment("LIFECYCLE_SHARDS")) is { } shards ? ReadNumber("LIFECYCLE_SHARDS", shards, 1, 4096) : 16,
            Connections = NotEmpty(environment("LIFECYCLE_CONNECTIONS")) is { } connections
                ? ReadNumber("LIFECYCLE_CONNECTIONS", connections, LogOptions.ConnectionsMin, 1000) : null,
            Archive = NotEmpty(environment("LIFECYCLE_ARCHIVE")),
            LogLevel = NotEmpty(environment("LIFECYCLE_LOG_LEVEL")) is { } level ? ReadLogLevel(level) : LogLevel.Warning,
            FreeSpaceFloor = NotEmpty(environment("LIFECYCLE_FREE_SPACE_FLOOR")) is { } floor ? ReadBytes("LIFECYCLE_FREE_SPACE_FLOOR", floor)
                : 1_000_000_000,
            LeaseSeconds = NotEmpty(environment("LIFECYCLE_LEASE_SECONDS")) is { } lease ? ReadNumber("LIFECYCLE_LEASE_SECONDS", lease, 2, 60) : 10,
        };
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments, ref i);
            options = name switch
            {
                "--port" => options with { Port = ReadNumber(name, value, 0, 65535) },
                "--data" => options with { DataFolder = NotEmpty(value) ?? throw new StartRefusedException("--data names no folder.") },
                "--demo" => options with { Demo = ReadDemo(value) },
                _ => throw new StartRefusedException($"There is no option {name}; the options are --port, --data and --demo."),
            };
        }
        return options;
    }

    private static (string Name, string Value) Split(IReadOnlyList<string> arguments, ref int i)
    {
        var argument = arguments[i];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0) return (argument[..equals], argument[(equals + 1)..]);
        if (argument is not ("--port" or "--data" or "--demo")) return (argument, "");
        return ++i < arguments.Count ? (argument, arguments[i]) : throw new StartRefusedException($"{argument} needs a value.");
    }

    private static LogLevel ReadLogLevel(string text) => text.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "information" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "none" => LogLevel.None,
        _ => throw new StartRefusedException(
            $"LIFECYCLE_LOG_LEVEL is '{text}'; the levels are trace, debug, information, warning, error and none."),
    };

    private static DemoKind ReadDemo(string name) => name switch
    {
        "game" => DemoKind.Game,
        "retail" => DemoKind.Retail,
        "none" => DemoKind.None,
        "subscription" => DemoKind.Subscription,
        _ => throw new StartRefusedException($"There is no demo '{name}'; choose --demo game, subscription, retail or none."),
    };

    private static Roles ReadRoles(string text)
    {
        Roles roles = 0;
        foreach (var name in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= name.ToLowerInvariant() switch
            {
                "ingest" => Roles.Ingest,
                "process" => Roles.Process,
                "deliver" => Roles.Deliver,
                _ => throw new StartRefusedException($"LIFECYCLE_ROLES names '{name}'; the roles are ingest, process and deliver."),
            };
        }
        return roles == 0 ? Roles.All : roles;
    }

    private static IPAddress ReadAddress(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new StartRefusedException($"LIFECYCLE_BIND is '{text}', which is no IP address.");

    private static int ReadNumber(string name, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new StartRefusedException($"{name} is '{text}'; a whole number from {min} to {max} was expected.");

    private static long ReadBytes(string name, string text)
    {
        var size = text.Trim().ToUpperInvariant();
        var (unit, digits) = size switch
        {
            [.. var number, 'G', 'B'] => (1_000_000_000L, number),
            [.. var number, 'M', 'B'] => (1_000_000L, number),
            _ => (1L, size),
        };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 1_000_000_000_000_000 / unit
            ? count * unit
            : throw new StartRefusedException($"{name} is '{text}'; a size was expected, as 500MB, 2GB or a number of bytes.");
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>The server cannot start as it was asked to. The message is one sentence for whoever asked.</summary>
public sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
