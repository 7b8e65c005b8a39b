using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;
using Lifecycle.Projections.Thresholds;
using NodaTime;
using Npgsql;

namespace Lifecycle.Projections.Releases;

/// <summary>What became of an attempt to publish.</summary>
public abstract record PublishResult
{
    private PublishResult()
    {
    }

    /// <summary>It is the tenant's newest release now, on its way to every customer.</summary>
    /// <param name="Activated">By shard, the position from which it rules; waiting for these waits until every customer was judged.</param>
    /// <param name="Changes">In what it differs from the release before it; empty for the first.</param>
    public sealed record Published(int Number, string Hash, IReadOnlyDictionary<int, long> Activated, IReadOnlyList<ReleaseChange> Changes)
        : PublishResult;

    /// <summary>The newest release already says exactly this; nothing was done.</summary>
    public sealed record Unchanged(int Number, string Hash) : PublishResult;

    /// <summary>The rules have errors.</summary>
    public sealed record Invalid(ReadResult Read) : PublishResult;

    /// <summary>It is based on another release than the newest: somebody published meanwhile.</summary>
    /// <param name="Changes">What they changed, from the release it is based on to the newest.</param>
    public sealed record Conflict(int Newest, string Hash, IReadOnlyList<ReleaseChange> Changes) : PublishResult;

    /// <summary>People are in stages that it neither has nor maps to others.</summary>
    public sealed record Strands(IReadOnlyList<StagePopulation> Stages) : PublishResult;
}

/// <summary>What is being worked on.</summary>
/// <param name="BasedOn">The number of the release that was the newest when it was begun; 0 for none.</param>
public sealed record ReleaseDraft(ReleaseText Text, int BasedOn);

/// <summary>Turns drafts into releases and sets them in force in every shard.</summary>
public sealed class Publishing(TouchpointLog log, ReleaseStore releases, TenantStore tenants, TimeProvider? time = null)
{
    private const int AttemptsMax = 10;

    private readonly LogDatabase _database = log.Database;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _turns = new();

    /// <summary>Checks a release without storing anything.</summary>
    public static ReadResult Validate(ReleaseText text) => ReleaseReader.Read(text, 1);

    /// <summary>Keeps what is being worked on, valid or not. The tenant has one draft.</summary>
    public async Task StoreDraftAsync(Tenant tenant, ReleaseDraft draft, CancellationToken ct = default)
    {
        await using var store = _database.Statement("store_draft").With(tenant.Id).With(draft.Text.ToJson())
            .With(Instant.FromDateTimeOffset(_time.GetUtcNow()))
            .With(draft.BasedOn);
        await store.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The draft, or null where there is none.</summary>
    public async Task<ReleaseDraft?> DraftAsync(Tenant tenant, CancellationToken ct = default)
    {
        var stored = await _database.Statement("read_draft").With(tenant.Id)
            .ListAsync(row => new ReleaseDraft(ReleaseText.FromJson(row.GetString(0)), row.GetInt32(1)), ct);
        return stored.Count == 0 ? null : stored[0];
    }

    /// <summary>In what a release would differ from the newest; empty where there is none, or where it has errors.</summary>
    public async Task<IReadOnlyList<ReleaseChange>> ChangesAsync(Tenant tenant, ReleaseText text, CancellationToken ct = default)
    {
        var newest = await releases.NewestAsync(tenant.Id, ct);
        return newest.Number > 0 && Validate(text).Release is { } release ? ReleaseDiff.Between(newest, release) : [];
    }

    /// <summary>Publishes a release: stores it under the next number and activates it in every shard.</summary>
    /// <remarks>A release is in force everywhere before the next one is in force anywhere, whoever was interrupted in between.</remarks>
    /// <param name="basedOn">The number of the release that its author saw as the newest; another is a conflict. Null for who does not mind.</param>
    public async Task<PublishResult> PublishAsync(Tenant tenant, ReleaseText text, int? basedOn = null, CancellationToken ct = default)
    {
        var read = Validate(text);
        if (read.Release is not { } release) return new PublishResult.Invalid(read);
        var turn = _turns.GetOrAdd(tenant.Id, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var newest = await NewestAsync(tenant, ct);
                var before = await releases.LoadedAsync(tenant.Id, newest?.Number ?? 0, ct);
                if (newest is { } present)
                {
                    await ActivateAsync(tenant, present.Number, present.Hash, ct);
                    if (await IsSameAsync(tenant, present, text, ct)) return new PublishResult.Unchanged(present.Number, present.Hash);
                }
                if (basedOn is { } seen && seen != before.Number)
                    return new PublishResult.Conflict(before.Number, before.Hash, await ChangesSinceAsync(tenant, seen, before, ct));
                if (StrandedStages.Of(await PeopleAsync(tenant, release, ct), release) is { Count: > 0 } stranded)
                    return new PublishResult.Strands(stranded);
                var number = before.Number + 1;
                var earlier = await releases.HistoryAsync(tenant.Id, ct);
                text = text with { Earlier = await new RunningJourneys(_database).KeptByAsync(release, tenant, earlier, ct) };
                if (!await TryStoreAsync(tenant, number, text, ct))
                {
                    if (attempt == AttemptsMax)
                        throw new LogUnavailableException($"{AttemptsMax} other releases of {tenant.Name} were published meanwhile.");
                    continue;
                }
                await releases.LoadAsync(tenant.Id, number, ct);
                var changes = before.Number == 0 ? [] : ReleaseDiff.Between(before, release);
                return new PublishResult.Published(number, text.Hash, await ActivateAsync(tenant, number, text.Hash, ct), changes);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Finishes what an interrupted process may have begun: the newest release of each tenant rules in every shard, by this process's
    /// version of the engine.</summary>
    /// <remarks>Where that is newer than the one before, the release is activated anew: history is folded anew, decisions are kept, everybody is
    /// judged once.</remarks>
    public async Task ResumeAsync(CancellationToken ct = default)
    {
        await _database.RaiseEngineAsync(ct);
        foreach (var tenant in await tenants.AllAsync(ct))
        {
            if (await NewestAsync(tenant, ct) is { } newest) await ActivateAsync(tenant, newest.Number, newest.Hash, ct);
        }
    }

    private async Task<IReadOnlyDictionary<int, long>> ActivateAsync(Tenant tenant, int number, string hash, CancellationToken ct)
    {
        var engine = _database.Options.Engine;
        var id = new RecordId(StableHash.Of("release", tenant.Name, number.ToString(CultureInfo.InvariantCulture),
            engine.Semantics.ToString(CultureInfo.InvariantCulture), engine.Zones));
        var cuts = await CountedAsync(tenant, number, engine, ct);
        return await new TenantCounts(log).AppendAsync(tenant, new ReleaseActivated(number, hash, cuts) { Engine = engine }, id, ct);
    }

    /// <summary>The answers to what a release asks about all customers and the one before it did not. Those of a release that was activated before
    /// are in the log.</summary>
    private async Task<ImmutableArray<CutPoints>> CountedAsync(Tenant tenant, int number, EngineVersion engine, CancellationToken ct)
    {
        var release = await releases.LoadedAsync(tenant.Id, number, ct);
        var before = await releases.LoadedAsync(tenant.Id, number - 1, ct);
        var asked = release.Cuts.Where(threshold => !before.AsksFor(threshold.Key)).ToList();
        if (asked.Count == 0) return [];
        var inputs = (await log.ReadShardInputsAsync(0, 0, ct)).Where(row => row.Tenant == tenant.Id)
            .Select(row => EventCodec.ToShardInput(row).Input);
        var known = inputs.OfType<ReleaseActivated>().Where(activated => activated.Release == number).ToList();
        if (known.Count == 0) return await new ReleaseCount(log, tenant, release, await PresentAsync(tenant, ct)).CountAsync(asked, ct);
        // Another version of the engine goes on with what was counted last.
        return known.Find(activated => activated.Engine == engine)?.Cuts ?? [];
    }

    private async Task<Instant> PresentAsync(Tenant tenant, CancellationToken ct)
    {
        var clock = tenant.Test
            ? await _database.Statement("read_tenant_clock").With(0).With(tenant.Id).ListAsync(row => row.GetInstant(0), ct)
            : [];
        return clock.Count > 0 ? clock[0] : Instant.FromDateTimeOffset(_time.GetUtcNow()).ToMilliseconds();
    }

    /// <summary>Whether the newest release has the same texts; what was said for its own publication, as a map of stages, does not matter.</summary>
    private async Task<bool> IsSameAsync(Tenant tenant, (int Number, string Hash) newest, ReleaseText text, CancellationToken ct) =>
        newest.Hash == text.Hash || (await releases.TextAsync(tenant.Id, newest.Number, ct))?.Texts == text.Texts;

    private async Task<IReadOnlyList<ReleaseChange>> ChangesSinceAsync(Tenant tenant, int seen, Release newest, CancellationToken ct) =>
        seen < 1 || seen >= newest.Number ? [] : ReleaseDiff.Between(await releases.LoadedAsync(tenant.Id, seen, ct), newest);

    /// <summary>How many customers are in each stage that an earlier release had and this one does not, as far as is judged.</summary>
    private async Task<IReadOnlyList<StagePopulation>> PeopleAsync(Tenant tenant, Release release, CancellationToken ct)
    {
        var earlier = await releases.HistoryAsync(tenant.Id, ct);
        var areGone = earlier.SelectMany(one => one.Tracks)
            .Any(track => release.FindTrack(track.Name) is { } now && track.Stages.Any(stage => now.Find(stage.Name) is null));
        if (!areGone) return [];
        var people = new List<StagePopulation>();
        for (var shard = 0; shard < _database.Shards; shard++)
            people.AddRange(await _database.Statement("count_people").With(shard).With(tenant.Id)
                .ListAsync(row => new StagePopulation(row.GetString(0), row.GetString(1), row.GetInt64(2)), ct));
        return people;
    }

    private async Task<(int Number, string Hash)?> NewestAsync(Tenant tenant, CancellationToken ct)
    {
        var newest = await _database.Statement("read_newest_release").With(tenant.Id).ListAsync(row => (row.GetInt32(0), row.GetString(1)), ct);
        return newest.Count == 0 ? null : newest[0];
    }

    private async Task<bool> TryStoreAsync(Tenant tenant, int number, ReleaseText text, CancellationToken ct)
    {
        await using var store = _database.Statement("store_release").With(tenant.Id).With(number).With(text.Hash).With(text.ToJson())
            .With(_database.Options.Engine.Zones).With(_database.Options.Engine.Semantics);
        try
        {
            await store.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "release_key" })
        {
            return false;
        }
    }
}
