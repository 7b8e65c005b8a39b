using Lifecycle.EventLog.Log;
using Npgsql;

namespace Lifecycle.EventLog.Database;

/// <summary>How this program connects to its database.</summary>
public static class LogConnection
{
    /// <summary>For those who write: they look up few rows of large tables by key, whatever statistics say or, on a new database, do not yet say. So
    /// each statement is planned once for each connection, as walks along indexes, and no plan made while a table was empty reads all of it
    /// later.</summary>
    private const string PlannedForKeys =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c random_page_cost=1.1";

    /// <summary>The most connections of one process where nothing else is said: four for each processor and four, at least 12 and at most
    /// 40.</summary>
    /// <remarks>More are not faster: all of a pool's connections come round, and each has caches of its own in PostgreSQL that grow cold
    /// meanwhile.</remarks>
    public static readonly int ConnectionsByDefault = Math.Clamp(4 + 4 * Environment.ProcessorCount, 12, 40);

    /// <summary>A connection string with the settings that the log depends on, from a <c>postgresql://</c> address or an Npgsql connection
    /// string.</summary>
    /// <remarks>A process that stops while it holds a lock is thrown out after 3 seconds, nobody waits for a lock longer than 5 or runs a
    /// statement longer than 30. At most <see cref="ConnectionsByDefault"/> connections unless the text says otherwise.</remarks>
    /// <exception cref="LogConfigurationException">The text is neither.</exception>
    public static string Settings(string connection)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(IsAddress(connection) ? FromAddress(connection) : connection);
            if (string.IsNullOrEmpty(settings.Host)) throw new LogConfigurationException("The database's address names no host.");
            if (!settings.ShouldSerialize("Maximum Pool Size")) settings.MaxPoolSize = ConnectionsByDefault;
            settings.ApplicationName ??= "lifecycle";
            settings.Timezone = "UTC";
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
            settings.CommandTimeout = 35; // Above the server's own limit, so that it is the server which gives up first.
            settings.Timeout = 10;
            settings.NoResetOnClose = true; // Nothing is ever set in a session.
            settings.Options = $"{settings.Options} -c lock_timeout=5s -c idle_in_transaction_session_timeout=3s -c statement_timeout=30s".TrimStart(
                );
            return settings.ConnectionString;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new LogConfigurationException(
                "The database's address is neither postgresql://user:password@host:port/name nor an Npgsql connection string.", wrong);
        }
    }

    /// <summary>The same settings for one pool of so many connections; those of writers plan for keys.</summary>
    internal static string ForPool(string settings, int size, bool writing)
    {
        var pool = new NpgsqlConnectionStringBuilder(settings) { MaxPoolSize = size };
        if (writing) pool.Options = $"{pool.Options} {PlannedForKeys}";
        return pool.ConnectionString;
    }

    private static bool IsAddress(string connection) =>
        connection.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || connection.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static string FromAddress(string address)
    {
        var uri = new Uri(address);
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host.Trim('[', ']'), Port = uri.Port > 0 ? uri.Port : 5432 };
        if (user[0] != "") settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) settings.Password = Uri.UnescapeDataString(user[1]);
        if (uri.AbsolutePath.Length > 1) settings.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var value = Uri.UnescapeDataString(parts.Length == 2 ? parts[1] : "");
            settings[NameOf(Uri.UnescapeDataString(parts[0]))] = value.Replace("-", "", StringComparison.Ordinal) is var plain
                && parts[0] == "sslmode" ? plain : value;
        }
        return settings.ConnectionString;
    }

    // The names that libpq knows and Npgsql spells differently; all others pass through.
    private static string NameOf(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        "dbname" => "Database",
        "user" => "Username",
        _ => name,
    };
}
