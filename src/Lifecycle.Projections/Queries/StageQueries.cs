using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Stages;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Sql;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>Who is and was in which stage, and why.</summary>
public sealed class StageQueries(TouchpointLog log, CustomerDirectory customers, ReleaseStore releases, CustomerQueries pages)
{
    private readonly LogDatabase _database = log.Database;

    /// <summary>A customer's stays, by track in the order of the definition, the earliest first. Null where the customer is not known.</summary>
    public async Task<IReadOnlyList<StageSpan>?> SpansAsync(Tenant tenant, string id, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        if (await customers.FindIdAsync(tenant.Id, customer.Shard, customer.Key, ct) is null) return null;
        var stored = await SpanRows.ReadAsync(_database, customer, ct);
        var wanted = stored.Select(span => span.Fact).ToHashSet();
        var facts = await _database.Archive.ReadAsync(customer.Shard, [customer.Address()], row => row.Kind == EventKind.Fact
            && wanted.Contains(row.Id),
            () => _database.Statement("read_stage_facts").With(customer.Shard).With(tenant.Id).With(customer.Key.Value)
                .With(wanted.Select(id => id.Value).ToArray()), ct);
        var changes = facts.ToDictionary(row => row.Id, row => (StageChanged)EventCodec.ToFact(row));
        var history = await releases.HistoryAsync(tenant.Id, ct);
        var order = history.Take(1).SelectMany(release => release.Tracks).Select(track => track.Name).ToList();
        return [.. stored
            .OrderBy(span => order.IndexOf(span.Track) is var place and >= 0 ? place : int.MaxValue)
            .ThenBy(span => span.Track, StringComparer.Ordinal).ThenBy(span => span.Ordinal)
            .Select(span => Explained(span, changes[span.Fact], history))];
    }

    /// <summary>How many customers are in each stage of a track, the stages in the order of the definition, empty ones included.</summary>
    /// <param name="track">Null for the definition's first.</param>
    /// <param name="at">Null for now.</param>
    /// <returns>Null where no release ever had such a track.</returns>
    public async Task<StageSummary?> SummaryAsync(Tenant tenant, string? track, Instant? at, CancellationToken ct = default)
    {
        var history = await releases.HistoryAsync(tenant.Id, ct);
        var asked = history.SelectMany(release => release.Tracks).FirstOrDefault(candidate => track is null || candidate.Name == track);
        if (asked is null) return null;
        var counts = new Dictionary<string, long>();
        foreach (
            var shard in await Task.WhenAll(Enumerable.Range(0, _database.Shards).Select(shard => CountAsync(shard, tenant, asked.Name, at, ct))))
            foreach (var (stage, number) in shard) counts[stage] = counts.GetValueOrDefault(stage) + number;
        var gone = counts.Keys.Where(stage => asked.Find(stage) is null).Order(StringComparer.Ordinal);
        var stages = asked.Stages.Select(stage => new StageCount(stage.Name, stage.Group, counts.GetValueOrDefault(stage.Name)))
            .Concat(gone.Select(stage => new StageCount(stage, Newest(history, asked.Name, stage)?.Group, counts[stage])));
        return new StageSummary(asked.Name, at ?? await pages.PresentAsync(tenant, 0, ct), [.. stages]);
    }

    /// <summary>How many customers were in each stage of a track at several instants: the stages in the order of the definition, with empty
    /// ones.</summary>
    /// <param name="track">Null for the definition's first.</param>
    /// <param name="instants">Ascending, at most <see cref="StageHistory.InstantsMax"/>.</param>
    /// <returns>Null where no release ever had such a track.</returns>
    public async Task<StageHistory?> HistoryAsync(Tenant tenant, string? track, IReadOnlyList<Instant> instants, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instants.Count, StageHistory.InstantsMax);
        var history = await releases.HistoryAsync(tenant.Id, ct);
        var asked = history.SelectMany(release => release.Tracks).FirstOrDefault(candidate => track is null || candidate.Name == track);
        if (asked is null) return null;
        var counts = asked.Stages.ToDictionary(stage => stage.Name, _ => new long[instants.Count]);
        var shards = Enumerable.Range(0, _database.Shards).Select(shard => ChangesAsync(shard, tenant, asked.Name, instants, ct));
        foreach (var changes in await Task.WhenAll(shards))
            foreach (var (stage, place, change) in changes)
            {
                if (!counts.TryGetValue(stage, out var over)) counts[stage] = over = new long[instants.Count];
                over[place] += change;
            }
        foreach (var over in counts.Values)
            for (var place = 1; place < over.Length; place++) over[place] += over[place - 1];
        var gone = counts.Keys.Where(stage => asked.Find(stage) is null).Order(StringComparer.Ordinal);
        var names = asked.Stages.Select(stage => stage.Name).Concat(gone);
        return new StageHistory(asked.Name, instants, [.. names.Select(name => OverTime(name, Newest(history, asked.Name, name)))]);

        StageOverTime OverTime(string name, Stage? stage) =>
            new(name, stage?.Titles.GetValueOrDefault("en") ?? stage?.Titles.Values.FirstOrDefault() ?? name, stage?.Group, counts[name]);
    }

    /// <summary>The members of a stage, of a group or of a whole track, in an order of no meaning that stays the same from page to page.</summary>
    /// <returns>Null where no release ever had such a track, stage or group.</returns>
    public async Task<MembersPage?> MembersAsync(Tenant tenant, MembersQuestion question, CancellationToken ct = default)
    {
        var history = await releases.HistoryAsync(tenant.Id, ct);
        var track = question.Track
            ?? history.SelectMany(release => release.Tracks).FirstOrDefault(candidate => StagesOf([candidate], question.Stage).Length > 0)?.Name;
        if (track is null) return null;
        var stages = StagesOf([.. history.Select(release => release.FindTrack(track)).OfType<Track>()], question.Stage);
        if (stages.Length == 0) return null;
        var limit = Math.Clamp(question.Limit, 1, MembersQuestion.LimitMax);
        var members = new List<(MembersCursor Place, StageMember Member)>();
        var after = question.After ?? new MembersCursor(0, new CustomerKey(Guid.Empty));
        for (var shard = after.Shard; shard < _database.Shards && members.Count <= limit; shard++)
        {
            if (question.Among?.ContainsKey(shard) == false) continue;
            var from = shard == after.Shard ? after.Customer.Value : Guid.Empty;
            members.AddRange(await _database.Statement("read_members").With(shard).With(tenant.Id).With(track).With(stages).With(question.At)
                .With(from).With(limit + 1 - members.Count).With(question.Among?[shard]!)
                .ListAsync(row => (new MembersCursor(shard, row.GetCustomer(0)),
                    new StageMember(row.GetString(1), track, row.GetString(2), row.GetInstant(3), row.GetInt32(4))), ct));
        }
        return new MembersPage(track, [.. members.Take(limit).Select(entry => entry.Member)],
            members.Count > limit ? members[limit - 1].Place : null);
    }

    /// <summary>Names of the stages meant, out of all that a track ever had. A stage is in the group in which the newest release that has it puts it;
    /// a group that is gone has the stages that were ever in it.</summary>
    /// <param name="track">The track in every release that has it, the newest first.</param>
    private static string[] StagesOf(IReadOnlyList<Track> track, string? stageOrGroup)
    {
        var ever = track.SelectMany(release => release.Stages).ToList();
        string[] meant = [.. ever.DistinctBy(stage => stage.Name).Where(IsMeant).Select(stage => stage.Name)];
        return meant.Length > 0 ? meant : [.. ever.Where(IsMeant).Select(stage => stage.Name).Distinct()];

        bool IsMeant(Stage stage) => stageOrGroup is null || stage.Name == stageOrGroup || stage.Group == stageOrGroup;
    }

    /// <summary>The stage as the newest release has it that has it at all.</summary>
    private static Stage? Newest(IReadOnlyList<Release> history, string track, string stage) =>
        history.Select(release => release.FindTrack(track)?.Find(stage)).FirstOrDefault(found => found is not null);

    private Task<List<(string Stage, long Customers)>> CountAsync(int shard, Tenant tenant, string track, Instant? at, CancellationToken ct) =>
        _database.Statement("count_stages").With(shard).With(tenant.Id).With(track).With(at)
            .ListAsync(row => (row.GetString(0), row.GetInt64(1)), ct);

    private Task<List<(string Stage, int Place, long Change)>> ChangesAsync(
        int shard, Tenant tenant, string track, IReadOnlyList<Instant> instants, CancellationToken ct) =>
        _database.Statement("count_stages_over_time").With(shard).With(tenant.Id).With(track)
            .With(instants.Select(at => at.ToDateTimeUtc()).ToArray())
            .ListAsync(row => (row.GetString(0), row.GetInt32(1), row.GetInt64(2)), ct);

    private static StageSpan Explained(StoredSpan span, StageChanged change, IReadOnlyList<Release> history)
    {
        var release = history.FirstOrDefault(release => release.Number == change.Release) ?? (history.Count > 0 ? history[0] : Release.None);
        var context = new WordingContext(release, release.Zone, span.EnteredAt, (track, stage) => Newest(history, track, stage)?.Titles);
        return new StageSpan(span.Track, span.Stage, span.EnteredAt, span.LeftAt, change.Cause, change.CauseEvent, span.Release, change.Because,
            StageWords.MoveOf(change, context));
    }
}
