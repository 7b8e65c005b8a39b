using System.Net.Sockets;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Database;

/// <summary>The one policy for failures of the database that may pass by themselves: which they are, and how long to wait before the next
/// try.</summary>
public static class PassingFailures
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

    /// <summary>How long to wait after a failed try: doubles with each, up to a longest time, with a quarter of jitter so that those who failed
    /// together do not come back together.</summary>
    /// <param name="attempt">How many tries have failed, from 1.</param>
    /// <param name="jitter">From 0 up to, and not including, 1.</param>
    public static TimeSpan DelayAfter(int attempt, Duration first, Duration longest, double jitter)
    {
        var doubled = first * Math.Pow(2, Math.Min(attempt - 1, 20));
        return (Duration.Min(doubled, longest) * (0.75 + jitter / 2)).ToTimeSpan();
    }
}
