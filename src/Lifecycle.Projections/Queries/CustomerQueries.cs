using System.Data.Common;
using System.Text.Json.Nodes;
using Lifecycle.Domain;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>A customer's page, now and at an instant.</summary>
public sealed class CustomerQueries(TouchpointLog log, CustomerDirectory customers, ReleaseStore releases, TimeProvider? time = null)
{
    private const string ProfileChangedName = "profile_changed";

    /// <summary>As many of the last counts as are looked through for what a release asks: each answers all of it, but those around its
    /// activation.</summary>
    private const int CutsReadMax = 40;

    private readonly LogDatabase _database = log.Database;
    private readonly PersonalParts _personal = new(log.Database);
    private readonly EncryptedStates _states = new(log.Database);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The customer as last judged, with metrics read at the present instant: the wall's, the test tenant's clock, or, for who is known by
    /// open history alone, their own. Null where nothing of theirs has been judged.</summary>
    public async Task<CustomerPage?> FindAsync(Tenant tenant, string id, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        // Asked one after the other, each answer would wait for the processor that a server under load is short of.
        var (found, attributes, spans) =
            (StateAsync(customer, ct), AttributesAsync(customer, Instants.Never, ct), SpanRows.ReadAsync(_database, customer, ct));
        await Task.WhenAll(found, attributes, spans);
        if (await found is not { } state) return null;
        var release = await releases.LoadedAsync(tenant.Id, state.Release, ct);
        var clock = await PresentAsync(tenant, customer.Shard, state, ct);
        var next = new CustomerMachine(tenant.Name, number => releases.Get(tenant.Id, number)).NextReview(state);
        return PageOf(id, release, state, clock, await attributes, Places(await spans, release, null), HeldAt(state, clock))
            with { NextReview = next == Instants.Never ? null : next };
    }

    /// <summary>One benefit, whether the customer has it at the present instant. Null where nothing of theirs has been judged.</summary>
    public async Task<(bool Held, Instant? Until)?> FindBenefitAsync(Tenant tenant, string id, string name, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        if (await StateAsync(customer, ct) is not { } state) return null;
        var held = HeldAt(state, await PresentAsync(tenant, customer.Shard, state, ct)).SingleOrDefault(benefit => benefit.Name == name);
        return (held is not null, held?.Until);
    }

    /// <summary>The customer as they were at an instant: stages, points and benefits as they were then, metrics of what has a clock up to then under
    /// the release that rules them now. Null where none of their inputs is that old.</summary>
    public async Task<CustomerPage?> FindAtAsync(Tenant tenant, string id, Instant at, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        var present = await StateAsync(customer, ct);
        var rows = await _database.Archive.ReadAsync(customer.Shard, [customer.Address()], row => row.Clock <= at,
            () => _database.Statement("read_past_at").With(customer.Shard).With(tenant.Id).With(customer.Key.Value).With(at), ct);
        if (present is null || !rows.Exists(row => row.Kind == EventKind.Input)) return null;
        var release = await releases.LoadedAsync(tenant.Id, present.Release, ct);
        var places = Places(await SpanRows.ReadAsync(_database, customer, ct), release, at);
        var past = new PastCustomer(customer.Key, release, [.. places.Select(place => new TrackState(place.Track, place.Stage, place.Since))]);
        if (!release.Cuts.IsEmpty)
            PastCustomer.TakeCuts(past.State, release, (await CutsAsync("read_cuts_at", customer, query => query.With(at).With(CutsReadMax), ct))
                .Reverse());
        foreach (var row in await _personal.OpenAsync(customer.Shard, rows, ct)) past.Take(row);
        return PageOf(id, release, past.State, at, await AttributesAsync(customer, at, ct), places,
            [.. past.Benefits.Select(name => new HeldBenefit(name, null))]);
    }

    /// <summary>What a page of now is read at, for a customer of whom nothing is known.</summary>
    public async Task<Instant> PresentAsync(Tenant tenant, int shard, CancellationToken ct = default)
    {
        if (!tenant.Test) return Instant.FromDateTimeOffset(_time.GetUtcNow()).ToMilliseconds();
        var clock = await _database.Statement("read_tenant_clock").With(shard).With(tenant.Id).ListAsync(row => row.GetInstant(0), ct);
        return clock.Count == 0 ? Instant.FromDateTimeOffset(_time.GetUtcNow()).ToMilliseconds() : clock[0];
    }

    /// <summary>The latest instant that may be asked for: the present, or the time of day where a test tenant's clock is behind it, for imported
    /// history may reach up to that.</summary>
    public async Task<Instant> LatestAsync(Tenant tenant, CancellationToken ct = default) =>
        Instants.Later(Instant.FromDateTimeOffset(_time.GetUtcNow()), await PresentAsync(tenant, 0, ct));

    /// <summary>The customer's state as last judged, and the present instant at which it is read. Null where nothing of theirs has been
    /// judged.</summary>
    internal async Task<(CustomerState State, Instant Clock)?> FindStateAsync(Tenant tenant, string id, CancellationToken ct)
    {
        var customer = customers.Locate(tenant, id);
        return await StateAsync(customer, ct) is { } state ? (state, await PresentAsync(tenant, customer.Shard, state, ct)) : null;
    }

    private async Task<Instant> PresentAsync(Tenant tenant, int shard, CustomerState state, CancellationToken ct) =>
        state.ImportOpen ? state.Clock : Instants.Later(state.Clock, await PresentAsync(tenant, shard, ct));

    private async Task<CustomerState?> StateAsync(CustomerRef customer, CancellationToken ct)
    {
        var bodies = await _database.Statement("read_state").With(customer.Shard).With(customer.Tenant).With(customer.Key.Value)
            .ListAsync(row => row.GetFieldValue<byte[]>(0), ct);
        var opened = await _states.OpenAsync(customer.Shard, [.. bodies.Select(body => (customer.Address(), (byte[]?)body))], ct);
        if (opened is not [{ } own]) return null;
        var state = StateCodec.Read(own, customer.Key);
        var release = await releases.LoadedAsync(customer.Tenant, state.Release, ct);
        // A day's cut points that moved nobody are not written into every state.
        if (!release.Cuts.IsEmpty && !state.ImportOpen)
            PastCustomer.TakeCuts(state, release, await CutsAsync("read_cuts_after", customer, query => query.With(state.LivedTo), ct));
        return state;
    }

    private static CustomerPage PageOf(string id, Release release, CustomerState state, Instant clock, JsonObject attributes,
        IReadOnlyList<TrackPlace> places, IReadOnlyList<HeldBenefit> benefits)
    {
        if (state.History.Series.Length != release.Aggregates.Length) state.History = HistoryFold.Empty(release);
        var reading = release.Read(state, clock);
        return new CustomerPage(id, state.FirstSeen, state.LastSeen, clock, null, attributes,
            [.. release.Metrics.Select(metric => KeyValuePair.Create(metric.Name, metric.Term.Evaluate(reading).Stored()))],
                Approximate(release, reading),
            release.Points is null ? null : state.Decisions.Points.Balance, places, benefits);
    }

    private static List<string> Approximate(Release release, Reading reading)
    {
        if (!Array.Exists(reading.State.History.Series, series => series.Approximate)) return [];
        return [.. release.Metrics.Where(metric => metric.Term.WithParts().Any(term =>
            term.AsAggregate is { } aggregate && reading.SeriesOf(aggregate) is { Approximate: true })).Select(metric => metric.Name)];
    }

    // A grace that is over by now has ended, whether its timer has fired yet or not.
    private static List<HeldBenefit> HeldAt(CustomerState state, Instant clock) => [.. state.Decisions.Benefits
        .Where(benefit => benefit.Value.Until is not { } until || until > clock)
        .Select(benefit => new HeldBenefit(benefit.Key, benefit.Value.Until))];

    private async Task<IReadOnlyList<ShardInput>> CutsAsync(string statement, CustomerRef customer, Func<DbCommand, DbCommand> asked,
        CancellationToken ct) =>
        await asked(_database.Statement(statement).With(customer.Shard).With(customer.Tenant))
            .ListAsync(row => EventCodec.ToShardInput(row.GetLogRow(customer.Shard)).Input, ct);

    /// <summary>What was last said of the customer by inputs with a clock up to an instant; what was said to be null is forgotten.</summary>
    private async Task<JsonObject> AttributesAsync(CustomerRef customer, Instant at, CancellationToken ct)
    {
        var rows = await _database.Archive.ReadAsync(customer.Shard, [customer.Address()], row => row.Name == ProfileChangedName && row.Clock <= at,
            () => _database.Statement("read_profile_changes").With(customer.Shard).With(customer.Tenant).With(customer.Key.Value).With(at), ct);
        var key = rows.Exists(row => row.Sealed is not null)
            ? await customers.FindKeyAsync(customer.Tenant, customer.Shard, customer.Key, ct)
            : null;
        var attributes = new JsonObject();
        foreach (var row in rows.OrderBy(row => row.OccurredAt).ThenBy(row => row.Position))
        {
            var traits = JsonParts.Take(JsonParts.Whole(row, key), "traits") ?? [];
            foreach (var (name, value) in traits.ToList())
            {
                traits.Remove(name);
                attributes.Remove(name);
                if (value is not null) attributes[name] = value;
            }
        }
        return attributes;
    }

    private static IReadOnlyList<TrackPlace> Places(List<StoredSpan> spans, Release release, Instant? at)
    {
        var order = release.Tracks.Select(track => track.Name).ToList();
        return [.. spans
            .Where(span => span.EnteredAt <= (at ?? Instants.Never))
            .Where(span => at is not null || order.Contains(span.Track)) // A track that the release dropped rests and is nobody's place now.
            .GroupBy(span => span.Track)
            .Select(track => track.MaxBy(span => span.Ordinal)!)
            .OrderBy(span => order.IndexOf(span.Track) is var place and >= 0 ? place : int.MaxValue)
            .Select(span => new TrackPlace(span.Track, span.Stage, span.EnteredAt, span.Release))];
    }
}
