using System.Text.Json.Nodes;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Rules;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>A customer's page, now and at an instant.</summary>
public sealed class CustomerQueries(Log log, Customers customers, Releases releases, TimeProvider? time = null)
{
    private readonly LogDatabase _database = log.Database;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The customer as last judged, with metrics read at the present instant: the wall's, the test tenant's clock, or, for who is known by open
    /// history alone, their own. Null where nothing of theirs has been judged.</summary>
    public async Task<CustomerPage?> FindAsync(Tenant tenant, string id, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        if (await StateAsync(customer, ct) is not { } state) return null;
        var release = await releases.LoadedAsync(tenant.Id, state.Release, ct);
        var clock = await PresentAsync(tenant, customer.Shard, state, ct);
        var next = new CustomerMachine(tenant.Name, number => releases.Get(tenant.Id, number)).NextReview(state);
        return new CustomerPage(id, state.FirstSeen, state.LastSeen, clock, next == Instants.Never ? null : next,
            await AttributesAsync(customer, Instants.Never, ct), Metrics(release, state, clock), await PlacesAsync(customer, release, null, ct));
    }

    /// <summary>The customer as they were at an instant: stages as they were then, metrics of inputs with a clock up to then under the release that rules
    /// them now. Null where none of their inputs is that old.</summary>
    public async Task<CustomerPage?> FindAtAsync(Tenant tenant, string id, Instant at, CancellationToken ct = default)
    {
        var customer = customers.Locate(tenant, id);
        var present = await StateAsync(customer, ct);
        var rows = await _database.Statement("read_inputs_at").With(customer.Shard).With(tenant.Id).With(customer.Key.Value).With(at)
            .ListAsync(row => Statements.ReadLogRow(customer.Shard, row), ct);
        if (present is null || rows.Count == 0) return null;
        var release = await releases.LoadedAsync(tenant.Id, present.Release, ct);
        var state = new CustomerState(customer.Key) { History = HistoryFold.Empty(release), Release = release.Number };
        foreach (var input in rows.Select(EventCodec.ToRecorded))
        {
            state.Clock = Instants.Later(state.Clock, input.Clock);
            HistoryFold.Fold(state, release, input);
        }
        return new CustomerPage(id, state.FirstSeen, state.LastSeen, at, null, await AttributesAsync(customer, at, ct),
            Metrics(release, state, at), await PlacesAsync(customer, release, at, ct));
    }

    /// <summary>What a page of now is read at, for a customer of whom nothing is known.</summary>
    public async Task<Instant> PresentAsync(Tenant tenant, int shard, CancellationToken ct = default)
    {
        if (!tenant.Test) return Instant.FromDateTimeOffset(_time.GetUtcNow()).ToMilliseconds();
        var clock = await _database.Statement("read_tenant_clock").With(shard).With(tenant.Id).ListAsync(row => row.GetInstant(0), ct);
        return clock.Count == 0 ? Instant.FromDateTimeOffset(_time.GetUtcNow()).ToMilliseconds() : clock[0];
    }

    /// <summary>The latest instant that may be asked for: the present, or the time of day where a test tenant's clock is behind it, for imported history
    /// may reach up to that.</summary>
    public async Task<Instant> LatestAsync(Tenant tenant, CancellationToken ct = default) =>
        Instants.Later(Instant.FromDateTimeOffset(_time.GetUtcNow()), await PresentAsync(tenant, 0, ct));

    private async Task<Instant> PresentAsync(Tenant tenant, int shard, CustomerState state, CancellationToken ct) =>
        state.Historical ? state.Clock : Instants.Later(state.Clock, await PresentAsync(tenant, shard, ct));

    private async Task<CustomerState?> StateAsync(CustomerRef customer, CancellationToken ct)
    {
        var bodies = await _database.Statement("read_state").With(customer.Shard).With(customer.Tenant).With(customer.Key.Value)
            .ListAsync(row => row.GetFieldValue<byte[]>(0), ct);
        if (bodies.Count == 0) return null;
        var state = StateCodec.Read(bodies[0], customer.Key);
        await releases.LoadAsync(customer.Tenant, state.Release, ct);
        return state;
    }

    private static List<KeyValuePair<string, Value>> Metrics(Release release, CustomerState state, Instant clock)
    {
        if (state.History.Series.Length != release.Aggregates.Length) state.History = HistoryFold.Empty(release);
        var reading = release.Read(state, clock);
        var metrics = new List<KeyValuePair<string, Value>>(release.Metrics.Length);
        foreach (var metric in release.Metrics) metrics.Add(new(metric.Name, metric.Term.Evaluate(reading)));
        return metrics;
    }

    /// <summary>What was last said of the customer by inputs with a clock up to an instant; what was said to be null is forgotten.</summary>
    private async Task<JsonObject> AttributesAsync(CustomerRef customer, Instant at, CancellationToken ct)
    {
        var rows = await _database.Statement("read_profile_changes").With(customer.Shard).With(customer.Tenant).With(customer.Key.Value).With(at)
            .ListAsync(row => Statements.ReadLogRow(customer.Shard, row), ct);
        var key = rows.Exists(row => row.Sealed is not null)
            ? await customers.FindKeyAsync(customer.Tenant, customer.Shard, customer.Key, ct)
            : null;
        var attributes = new JsonObject();
        foreach (var row in rows)
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

    private async Task<IReadOnlyList<TrackPlace>> PlacesAsync(CustomerRef customer, Release release, Instant? at, CancellationToken ct)
    {
        var spans = await SpanRows.ReadAsync(_database, customer, ct);
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
