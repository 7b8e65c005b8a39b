using Lifecycle.EventLog.Log;
using Npgsql;

namespace Lifecycle.EventLog.Database;

/// <summary>Why the log takes nothing at present.</summary>
public enum Outage
{
    /// <summary>The database cannot be reached, starts, stops or does not answer in time.</summary>
    Away,

    /// <summary>PostgreSQL has no connection left.</summary>
    Crowded,

    /// <summary>The server is a standby, or set to read only.</summary>
    ReadOnly,

    /// <summary>PostgreSQL could not write for want of space.</summary>
    DiskFull,
}

/// <summary>Tells outages apart, by SQLSTATE alone.</summary>
public static class Outages
{
    /// <summary>Whether the database is the reason for a failure, and not what it was asked: data that it refuses (class 22) it refuses the next time
    /// as well.</summary>
    public static bool IsOutage(Exception failure) =>
        failure is LogUnavailableException or TimeoutException || failure is NpgsqlException and not PostgresException { SqlState: ['2', '2', ..] };

    /// <summary>The outage behind a failure that may pass; <see cref="Outage.Away"/> where PostgreSQL named none.</summary>
    public static Outage Of(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is not PostgresException answer) continue;
            return answer.SqlState switch
            {
                PostgresErrorCodes.ReadOnlySqlTransaction => Outage.ReadOnly,
                PostgresErrorCodes.DiskFull => Outage.DiskFull,
                PostgresErrorCodes.TooManyConnections => Outage.Crowded,
                _ => Outage.Away,
            };
        }
        return Outage.Away;
    }

    /// <summary>What to do about a failure, in a sentence for people: where PostgreSQL answered and refused, what it said.</summary>
    public static string AdviceOn(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            // Syntax, rights and names, data and constraints: it answers, and would say the same again.
            if (inner is PostgresException { SqlState: ['4', '2', ..] or ['2', '2' or '3' or '8', ..] or ['3', 'D' or 'F', ..] } refusal)
                return $"The database refuses what is asked of it: {refusal.MessageText} ({refusal.SqlState}). It must be empty or made by "
                    + "Lifecycle, and its user must be allowed to create tables in it.";
        }
        return Of(failure).Advice();
    }

    /// <summary>What to do about it, in a sentence for people.</summary>
    public static string Advice(this Outage outage) => outage switch
    {
        Outage.ReadOnly =>
            "The database takes no writes, because it is a standby or set to read only: promote it, or name the primary in LIFECYCLE_DATABASE.",
        Outage.Crowded =>
            "PostgreSQL has no connection left: raise its max_connections, or give its clients fewer; LIFECYCLE_CONNECTIONS says how many this "
            + "process takes.",
        Outage.DiskFull => "The database's disk is full: make room on it, or move the database to a larger one.",
        Outage.Away => "The database does not answer; check that PostgreSQL runs and that its address is right.",
    };
}
