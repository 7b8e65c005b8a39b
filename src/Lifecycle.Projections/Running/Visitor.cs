using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>A customer with what they are to live through in this step.</summary>
/// <param name="BrokenAt">The position of an input that cannot be read, from which on the customer is to be set aside; null for none.</param>
internal sealed record Errand(CustomerAddress Customer, Visit Visit, long? BrokenAt = null);

/// <summary>Takes customers through their visits into a step. For whom the code throws, that customer alone is set aside.</summary>
internal sealed class Visitor(ShardMemory memory, ILogger logger)
{
    /// <summary>As many customers whose whole past is in memory at once, when a release makes their history be folded anew.</summary>
    private const int RefoldedTogetherMax = 64;

    private const int ReasonLengthMax = 500;

    /// <summary>As many days' cut points as a customer lives through again and again before that is written.</summary>
    private const int CutsUnwrittenMax = 30;

    /// <param name="consumed">The position the step consumes to: who fails after their inputs are set aside behind it.</param>
    /// <param name="firedTo">The instant up to which the step deals with due rows; null for a step that does not.</param>
    public async Task VisitAsync(Step step, IReadOnlyCollection<Errand> errands, long consumed, Instant? firedTo, CancellationToken ct)
    {
        foreach (var erased in errands.Where(IsErasure)) Erase(step, erased.Customer);
        var wanted = errands.Where(errand => !memory.SetAside.ContainsKey(errand.Customer) && !IsErasure(errand)).ToList();
        var customers = await memory.LoadAsync([.. wanted.Select(errand => errand.Customer)], ct);
        var refolded = new List<Errand>();
        foreach (var errand in wanted)
        {
            var tenant = await memory.TenantAsync(errand.Customer.Tenant, ct);
            if (memory.IsErased(errand.Customer)) step.NoLongerDue.Add(errand.Customer);
            else if (!customers.TryGetValue(errand.Customer, out var customer))
                PutAside(step, errand.Customer, errand.Visit.Inputs.Count > 0 ? errand.Visit.Inputs[0].Position : consumed + 1, "The state cannot be read.");
            else if (NeedsPast(tenant, customer, errand.Visit)) refolded.Add(errand);
            else await VisitAsync(step, tenant, customer, errand, _ => new Past([], []), consumed, firedTo, ct);
        }
        foreach (var together in refolded.Chunk(RefoldedTogetherMax))
        {
            var past = await memory.ReadPastAsync([.. together.Select(errand => errand.Customer)], together.Max(errand => errand.Visit.Bound), ct);
            foreach (var errand in together)
            {
                var tenant = await memory.TenantAsync(errand.Customer.Tenant, ct);
                await VisitAsync(step, tenant, customers[errand.Customer], errand, Before([.. past[errand.Customer]]), consumed, firedTo, ct);
            }
        }
    }

    /// <summary>A customer's inputs before a position and their facts, decoded when they are asked for.</summary>
    /// <remarks>Facts are appended when their step ends, after inputs that came meanwhile, so their positions say nothing: all that are in the log
    /// followed from what the customer's state has lived through.</remarks>
    public static Func<long, Past> Before(IReadOnlyCollection<LogRow> rows) => before => new Past(
        [.. rows.Where(row => row.Kind == EventKind.Input && row.Position < before).Select(EventCodec.ToRecorded)],
        [.. rows.Where(row => row.Kind == EventKind.Fact).Select(EventCodec.ToRecordedFact)]);

    private async Task VisitAsync(Step step, TenantInShard tenant, LiveCustomer customer, Errand errand,
        Func<long, Past> pastBefore, long consumed, Instant? firedTo, CancellationToken ct)
    {
        var visit = errand.Visit;
        if (TryVisit(step, tenant, customer, visit, pastBefore, firedTo, out var reached, out var reason))
        {
            if (errand.BrokenAt is { } broken) PutAside(step, customer.Address, broken, "The input cannot be read.");
            return;
        }
        // What went well before the failure counts, so that the customer's facts do not depend on where steps begin and end.
        var again = await memory.ReloadAsync(customer.Address, ct);
        var good = new Visit([.. visit.Inputs.Take(reached)]);
        var stands = reached > 0 && again is not null && TryVisit(step, tenant, again, good, pastBefore, firedTo, out _, out _);
        var failed = stands ? reached : 0;
        PutAside(step, customer.Address, failed < visit.Inputs.Count ? visit.Inputs[failed].Position : consumed + 1, reason!);
    }

    private static bool TryVisit(Step step, TenantInShard tenant, LiveCustomer customer, Visit visit,
        Func<long, Past> pastBefore, Instant? firedTo, out int reached, out string? reason)
    {
        reached = 0;
        try
        {
            var idle = IsLookAtCutsOnly(tenant, customer, visit);
            var (facts, next) = visit.Run(tenant, customer.State, pastBefore, out reached);
            if (idle && facts.Count == 0 && Step.Serves(customer.StoredDue, next)) customer.Rest();
            else step.Add(tenant, customer, facts, next, firedTo);
            step.LookUps.AddRange(LookUpRow.Of(tenant.Tenant, customer.Address, visit.Inputs));
            reason = null;
            return true;
        }
        catch (Exception failure)
        {
            reason = $"{failure.GetType().Name}: {failure.Message}";
            return false;
        }
    }

    // New cut points concern everybody and change something for few. Whom they do not move is not written, and lives through them once more
    // when something else happens to them: what follows is the same. That they were asked for changes nothing for anybody.
    private static bool IsLookAtCutsOnly(TenantInShard tenant, LiveCustomer customer, Visit visit)
    {
        if (visit.Inputs.Count > 0 || visit.Until is not null || customer.IsNew) return false;
        var ahead = tenant.Between(customer.State.LivedTo, visit.Bound);
        foreach (var input in ahead)
            if (input.Input is not (CutPointsComputed or CountAsked)) return false;
        return ahead.Length is > 0 and <= CutsUnwrittenMax;
    }

    private static bool IsErasure(Errand errand) => errand.Visit.Inputs is [.., { Input: CustomerErased }];

    /// <summary>Of whose life ends nothing is judged any more, not even what came just before.</summary>
    private void Erase(Step step, CustomerAddress address)
    {
        step.Erased.Add(address);
        memory.SetAside.Remove(address);
        memory.Forget(address);
    }

    private void PutAside(Step step, CustomerAddress address, long position, string reason)
    {
        var shortened = reason.Length <= ReasonLengthMax ? reason : reason[..ReasonLengthMax];
        step.PutAside(address, position, shortened);
        memory.SetAside[address] = position;
        memory.Forget(address);
        logger.LogError("Customer {Customer} of tenant {Tenant} in shard {Shard} is set aside from position {Position}: {Reason}",
            address.Key, address.Tenant, memory.Shard, position, shortened);
    }

    /// <summary>Whether a release is activated in the visit for a customer who has inputs before it.</summary>
    private static bool NeedsPast(TenantInShard tenant, LiveCustomer customer, Visit visit)
    {
        var from = customer.IsNew && visit.Inputs.Count > 0 ? visit.Inputs[0].Position : customer.State.LivedTo;
        foreach (var input in tenant.Between(from, visit.Bound))
            if (input.Input is ReleaseActivated) return true;
        return false;
    }
}
