using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>The time by the database, as a processor knows it: this process's own clock, corrected by how far the database was ahead when last
/// asked.</summary>
internal sealed class ShardClock(ProcessingOptions options)
{
    /// <summary>How long a processor with nothing to do goes by its own clock before it compares it with the database's once more.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    private Duration _databaseAhead;
    private long _comparedAt;

    public Instant Now => Local + _databaseAhead;

    /// <summary>This process's own. A machine's wall clock may be set back or forth at any moment, so between two questions to the database time is
    /// only counted.</summary>
    public Instant Local => options.Wall is null
        ? NodaConstants.UnixEpoch + Duration.FromTimeSpan(options.Time.GetElapsedTime(0))
        : Instant.FromDateTimeOffset(options.Wall.GetUtcNow()).ToMilliseconds();

    public bool IsUncertain => options.Wall is null && options.Time.GetElapsedTime(_comparedAt) >= Trusted;

    public void Compare(Instant database) => (_databaseAhead, _comparedAt) = (database - Local, options.Time.GetTimestamp());
}
