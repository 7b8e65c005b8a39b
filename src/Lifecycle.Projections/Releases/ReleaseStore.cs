using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Domain.Journeys;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Releases;

/// <summary>What a list of releases says of each.</summary>
public sealed record PublishedRelease(int Number, string Hash, Instant PublishedAt);

/// <summary>The compiled releases of every tenant. A release never changes, so what was compiled once is kept.</summary>
public sealed class ReleaseStore(LogDatabase database)
{
    private readonly ConcurrentDictionary<int, ImmutableDictionary<int, Release>> _compiled = new();
    private readonly ConcurrentDictionary<int, Release> _newest = new();

    /// <summary>A release that <see cref="LoadAsync"/> has seen; <see cref="Release.None"/> for number 0.</summary>
    /// <exception cref="InvalidOperationException">It was not loaded.</exception>
    public Release Get(int tenant, int number)
    {
        if (number == 0) return Release.None;
        return _compiled.GetValueOrDefault(tenant, ImmutableDictionary<int, Release>.Empty).GetValueOrDefault(number)
            ?? throw new InvalidOperationException($"Release {number} of tenant {tenant} was not loaded.");
    }

    /// <summary>Makes every release of the tenant up to a number available to <see cref="Get"/>.</summary>
    /// <exception cref="InvalidOperationException">A stored release does not compile with this version of the product, or there is none of that
    /// number.</exception>
    public async Task LoadAsync(int tenant, int number, CancellationToken ct = default)
    {
        if (number == 0 || _compiled.GetValueOrDefault(tenant)?.ContainsKey(number) == true) return;
        var stored = await database.Statement("read_releases").With(tenant)
            .ListAsync(row => (Number: row.GetInt32(0), Content: row.GetString(2)), ct);
        foreach (var release in stored)
        {
            if (_compiled.GetValueOrDefault(tenant)?.ContainsKey(release.Number) == true) continue;
            var compiled = Compile(tenant, release.Number, ReleaseText.FromJson(release.Content));
            _compiled.AddOrUpdate(tenant, _ => ImmutableDictionary<int, Release>.Empty.Add(release.Number, compiled),
                (_, present) => present.SetItem(release.Number, compiled));
            _newest.AddOrUpdate(tenant, compiled, (_, present) => present.Number > compiled.Number ? present : compiled);
        }
        Get(tenant, number);
    }

    /// <summary>The greatest release of the tenant that <see cref="LoadAsync"/> has seen; null before any.</summary>
    public Release? NewestLoaded(int tenant) => _newest.GetValueOrDefault(tenant);

    /// <summary>A release, loaded if need be.</summary>
    public async Task<Release> LoadedAsync(int tenant, int number, CancellationToken ct = default)
    {
        await LoadAsync(tenant, number, ct);
        return Get(tenant, number);
    }

    /// <summary>The release published last; <see cref="Release.None"/> before any.</summary>
    public async Task<Release> NewestAsync(int tenant, CancellationToken ct = default)
    {
        var newest = await database.Statement("read_newest_release").With(tenant).ListAsync(row => row.GetInt32(0), ct);
        return newest.Count == 0 ? Release.None : await LoadedAsync(tenant, newest[0], ct);
    }

    /// <summary>Every release of a tenant ready to use, the newest first.</summary>
    public async Task<IReadOnlyList<Release>> HistoryAsync(int tenant, CancellationToken ct = default)
    {
        var newest = await NewestAsync(tenant, ct);
        return [.. Enumerable.Range(1, newest.Number).Reverse().Select(number => Get(tenant, number))];
    }

    /// <summary>The texts of a release; null where there is none of this number.</summary>
    public async Task<ReleaseText?> TextAsync(int tenant, int number, CancellationToken ct = default)
    {
        var stored = await database.Statement("read_releases").With(tenant)
            .ListAsync(row => (Number: row.GetInt32(0), Content: row.GetString(2)), ct);
        return stored.Where(release => release.Number == number).Select(release => ReleaseText.FromJson(release.Content)).FirstOrDefault();
    }

    /// <summary>All releases of a tenant, the oldest first.</summary>
    public async Task<IReadOnlyList<PublishedRelease>> AllAsync(int tenant, CancellationToken ct = default) =>
        await database.Statement("read_releases").With(tenant)
            .ListAsync(row => new PublishedRelease(row.GetInt32(0), row.GetString(1), row.GetInstant(3)), ct);

    // In the order of their numbers, so the earlier ones are there.
    private Release Compile(int tenant, int number, ReleaseText text)
    {
        var result = ReleaseReader.Read(text, number);
        if (result.Release is not { } release)
            throw new InvalidOperationException($"Release {number} of tenant {tenant} does not compile: {string.Join("; ", result.Errors)}.");
        return release.Keeping(text.Earlier.Select(earlier => Get(tenant, earlier.Release).FindJourney(earlier.Journey)).OfType<Journey>());
    }
}
