using Lifecycle.Domain;
using Lifecycle.Domain.Outlook;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>What lies ahead of a customer, with the words for it.</summary>
/// <param name="Zone">The time zone of their release's definition, in which the words tell times.</param>
public sealed record CustomerOutlook(string Id, DateTimeZone Zone, StageOutlook Outlook, OutlookWords Words);

/// <summary>Looks ahead for one customer, from the instant at which their page is read.</summary>
public sealed class OutlookQueries(CustomerQueries pages, ReleaseStore releases)
{
    /// <summary>Null where nothing of theirs has been judged.</summary>
    public async Task<CustomerOutlook?> FindAsync(Tenant tenant, string id, CancellationToken ct = default)
    {
        if (await pages.FindStateAsync(tenant, id, ct) is not var (state, clock)) return null;
        var release = await releases.LoadedAsync(tenant.Id, state.Release, ct);
        var machine = new CustomerMachine(tenant.Name, number => releases.Get(tenant.Id, number));
        return new CustomerOutlook(id, release.Zone, StageOutlook.Of(machine, state, release, clock), new OutlookWords(release, clock));
    }
}

/// <summary>The sentences in which an outlook is told.</summary>
public sealed class OutlookWords
{
    private readonly Release _release;
    private readonly WordingContext _present;

    internal OutlookWords(Release release, Instant present) => (_release, _present) = (release, WordingContext.Of(release, present));

    public BilingualText Of(ComingMove move) => StageWords.ComingMoveOf(move.Change, WordingContext.Of(_release, move.At));

    /// <summary>Why the customer stays where they are.</summary>
    public BilingualText Of(TrackOutlook track) => StageWords.StayOf(track.Track, track.Present, track.Keeping, track.Keeps, _present);

    /// <summary>What a condition lacks that stands in the rules of a track.</summary>
    public BilingualText Of(Shortfall shortfall, TrackOutlook track) =>
        StageWords.ShortfallOf(shortfall.Failing, _present with { Track = track.Track.Name, Stage = track.Present.Name });
}
