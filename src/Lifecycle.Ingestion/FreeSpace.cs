using System.Globalization;

namespace Lifecycle.Ingestion;

/// <summary>How much room the database's disk has, and whether that is enough to take anything in.</summary>
/// <remarks>What is left below the floor is for what cannot wait: judging what was taken in, outcomes of deliveries, PostgreSQL itself.</remarks>
/// <param name="measure">The free bytes; may throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>, which counts as
/// enough.</param>
/// <param name="floor">In bytes; 0 for none.</param>
public sealed class FreeSpace(Func<long> measure, long floor, TimeProvider time)
{
    private static readonly TimeSpan MeasuredFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _measuredAt;
    private long _free;

    /// <summary>The disk that a folder lies on.</summary>
    public static FreeSpace Of(string folder, long floor, TimeProvider time) => new(() => new DriveInfo(folder).AvailableFreeSpace, floor, time);

    /// <summary>507 while the disk has less than the floor, else null. Measured once a second at most.</summary>
    public IntakeAnswer? Refusal()
    {
        var free = Free();
        return free >= floor ? null : IntakeAnswer.DiskShort("disk_nearly_full", string.Create(CultureInfo.InvariantCulture,
            $"The database's disk has {free / 1_000_000} MB free and {floor / 1_000_000} MB are kept in reserve: make room on it, or lower "
            + $"LIFECYCLE_FREE_SPACE_FLOOR."));
    }

    private long Free()
    {
        lock (_lock)
        {
            if (_measuredAt is { } last && time.GetElapsedTime(last) < MeasuredFor) return _free;
            _measuredAt = time.GetTimestamp();
            return _free = Measure();
        }
    }

    private long Measure()
    {
        try
        {
            return measure();
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
