using System.Net.Sockets;
using Lifecycle.EventLog.Log;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Database;

/// <summary>Which failures of the database may pass by themselves, and how long to wait for that.</summary>
internal static class Failures
{
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>True for a lost connection, a time-out, a deadlock, a full disk, a server that starts, stops or is a standby; false for what the data
    /// or the statement causes.</summary>
    public static bool MayPass(Exception failure) => failure switch
    {
        PostgresException { IsTransient: true } => true,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.QueryCanceled } =>
            true,
        PostgresException { SqlState: IdleInTransactionSessionTimeout } => true,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true, // A standby that is promoted takes writes.
        PostgresException => false,
        NpgsqlException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>True when a lock was waited for as long as we wait for one.</summary>
    public static bool IsLockTimeout(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>Doubles with each attempt, with a quarter of jitter so that those who failed together do not return together.</summary>
    public static TimeSpan DelayAfter(int attempt, LogOptions options)
    {
        var doubled = options.RetryDelay * Math.Pow(2, Math.Min(attempt - 1, 20));
        var delay = Duration.Min(doubled, options.RetryDelayMax);
        return (delay * (0.75 + options.Jitter() / 2)).ToTimeSpan();
    }
}
