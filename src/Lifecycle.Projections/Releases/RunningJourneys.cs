using System.Collections.Immutable;
using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Sql;

namespace Lifecycle.Projections.Releases;

/// <summary>Which journeys of earlier releases a new one has to keep aggregates for: those that ask what it does not, and may have people
/// inside.</summary>
internal sealed class RunningJourneys(LogDatabase database)
{
    private const int PageMax = 500;

    /// <summary>The journeys, the earliest release first.</summary>
    /// <param name="earlier">All releases of the tenant, in any order. Into journeys of the last one people come until it is no longer in force; from
    /// the others they only leave.</param>
    public async Task<ImmutableArray<EarlierJourney>> KeptByAsync(Release release, Tenant tenant, IReadOnlyList<Release> earlier,
        CancellationToken ct)
    {
        var newest = earlier.Count == 0 ? 0 : earlier.Max(one => one.Number);
        var asking = earlier.SelectMany(one => one.Journeys.Where(journey => !EarlierJourneys.Of([journey], release).IsEmpty)
            .Select(journey => new EarlierJourney(one.Number, journey.Name))).ToList();
        var inside = asking.Exists(one => one.Release < newest) ? await InsideAsync(tenant, ct) : [];
        return [.. asking.Where(one => one.Release == newest || inside.Contains(one)).OrderBy(one => one.Release)
            .ThenBy(one => one.Journey, StringComparer.Ordinal)];
    }

    private async Task<HashSet<EarlierJourney>> InsideAsync(Tenant tenant, CancellationToken ct)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, database.Shards).Select(shard => InsideAsync(tenant, shard, ct)));
        return [.. shards.SelectMany(inside => inside)];
    }

    private async Task<HashSet<EarlierJourney>> InsideAsync(Tenant tenant, int shard, CancellationToken ct)
    {
        var (inside, states) = (new HashSet<EarlierJourney>(), new EncryptedStates(database));
        for (var after = Guid.Empty; ;)
        {
            var page = await database.Statement("read_every_state_after").With(shard).With(tenant.Id).With(after).With(PageMax)
                .ListAsync(row => (Customer: row.GetCustomer(0), Body: row.GetFieldValue<byte[]>(1)), ct);
            var bodies =
                await states.OpenAsync(shard, [.. page.Select(row => (new CustomerAddress(tenant.Id, row.Customer), (byte[]?)row.Body))], ct);
            for (var place = 0; place < page.Count; place++)
                inside.UnionWith(EnrolmentsOf(page[place].Customer, bodies[place])
                    .Select(enrolment => new EarlierJourney(enrolment.Release, enrolment.Journey)));
            if (page.Count < PageMax) return inside;
            after = page[^1].Customer.Value;
        }
    }

    // Whose state cannot be read is set aside when their turn comes, and then lived again from the log.
    private static IReadOnlyList<Enrolment> EnrolmentsOf(CustomerKey customer, byte[]? body)
    {
        try
        {
            return body is null ? [] : StateCodec.Read(body, customer).Decisions.Enrolments;
        }
        catch (Exception)
        {
            return [];
        }
    }
}
