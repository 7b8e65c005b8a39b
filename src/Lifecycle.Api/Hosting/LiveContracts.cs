using System.Collections.Concurrent;
using Lifecycle.Domain;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion;

namespace Lifecycle.Api.Hosting;

/// <summary>Remembers what each tenant's newest release asks of senders.</summary>
/// <remarks>What another process published is seen after <see cref="FreshFor"/> at the earliest and <see cref="KnownFor"/> at the latest; what this
/// one published, at once. In between requests go on with what is known while it is looked up again.</remarks>
public sealed class LiveContracts(Lifecycle.Projections.Releases.ReleaseStore releases, TimeProvider time, ILogger<LiveContracts> logger)
    : ISenderContracts
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1), KnownFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, CachedContract> _known = new();

    public ValueTask<SenderContract> OfAsync(Tenant tenant, CancellationToken ct)
    {
        if (!_known.TryGetValue(tenant.Id, out var known)) return new(LookUpAsync(tenant.Id, ct));
        if (releases.NewestLoaded(tenant.Id) is { } loaded && loaded.Number > known.Release.Number) return new(Remember(tenant.Id, loaded));
        var age = time.GetElapsedTime(known.At);
        if (age >= KnownFor) return new(LookUpAsync(tenant.Id, ct));
        if (age >= FreshFor && known.BeginRenewal()) _ = Task.Run(() => RenewAsync(tenant.Id), CancellationToken.None);
        return new(known.Release.Contract);
    }

    private async Task RenewAsync(int tenant)
    {
        try
        {
            await LookUpAsync(tenant, CancellationToken.None);
        }
        catch (LogUnavailableException failure)
        {
            logger.LogDebug(failure, "The newest release could not be looked up; the next request tries again.");
        }
    }

    private async Task<SenderContract> LookUpAsync(int tenant, CancellationToken ct)
    {
        try
        {
            return Remember(tenant, await releases.NewestAsync(tenant, ct));
        }
        catch (InvalidOperationException wrong)
        {
            // Events come in all the same: what this version cannot compile, it cannot hold anybody to.
            logger.LogError(wrong, "The newest release cannot be read; events are stored without its names and without warnings.");
            return Remember(tenant, Release.None);
        }
        catch (Exception failure) when (Outages.IsOutage(failure))
        {
            throw new LogUnavailableException("The table of releases did not answer.", failure);
        }
    }

    private SenderContract Remember(int tenant, Release release)
    {
        _known[tenant] = new CachedContract(release, time.GetTimestamp());
        return release.Contract;
    }

    private sealed class CachedContract(Release release, long at)
    {
        private int _isRenewed;

        public Release Release { get; } = release;
        public long At { get; } = at;

        /// <summary>True for the first who asks.</summary>
        public bool BeginRenewal() => Interlocked.Exchange(ref _isRenewed, 1) == 0;
    }
}
