using System.Data.Common;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.EventLog;

/// <summary>How an instant is read from a column of type timestamptz.</summary>
public static class StoredTime
{
    /// <summary>The column's instant; PostgreSQL's -infinity is <see cref="Instants.Beginning"/>, its infinity <see cref="Instants.Never"/>.</summary>
    /// <remarks>The client writes the first and the last instant that .NET knows as those two and reads them back without a zone.</remarks>
    public static Instant Read(DbDataReader reader, int ordinal)
    {
        var stored = reader.GetDateTime(ordinal);
        if (stored == DateTime.MinValue) return Instants.Beginning;
        return stored == DateTime.MaxValue ? Instants.Never : Instant.FromDateTimeUtc(stored);
    }
}
