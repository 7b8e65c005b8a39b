namespace Lifecycle.Ingestion;

/// <summary>How much intake takes on at once.</summary>
public sealed record IntakeLimits
{
    /// <summary>The most bytes of a body, counted after inflating. 4 MB by default, 1 KB to 64 MB.</summary>
    public int BodySizeMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most events of one batch. 10,000 by default, at least 1.</summary>
    public int EventsMax { get; init; } = 10_000;

    /// <summary>The most requests of this process in work at once; the next hears 503. 64 by default, at least 1.</summary>
    public int RequestsMax { get; init; } = 64;

    /// <summary>The most requests of one tenant in work at once, so that one cannot crowd out the others; the next hears 429. 48 by default,
    /// at least 1.</summary>
    public int RequestsPerTenantMax { get; init; } = 48;

    /// <summary>What a sender who came too often is asked to wait, in whole seconds from 1 to 300. 2 by default.</summary>
    public int RetryAfterSeconds { get; init; } = 2;

    /// <exception cref="ArgumentException">A value lies outside its bounds.</exception>
    public IntakeLimits Checked()
    {
        var good = BodySizeMax is >= 1024 and <= 64 * 1024 * 1024 && EventsMax >= 1 && RequestsMax >= 1 && RequestsPerTenantMax >= 1
            && RetryAfterSeconds is >= 1 and <= 300;
        return good ? this : throw new ArgumentException("A limit of intake lies outside its bounds.");
    }
}
