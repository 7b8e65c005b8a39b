using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>A customer with what they are to live through in this step.</summary>
/// <param name="BrokenAt">The position of an input that cannot be read, from which on the customer is to be set aside; null for none.</param>
internal sealed record CustomerWork(CustomerAddress Customer, CustomerTimeline Timeline, long? BrokenAt = null);

/// <summary>Takes customers through their visits into a step. For whom the code throws, that customer alone is set aside.</summary>
internal sealed class WorkExecutor(ShardMemory memory, ILogger logger)
{
    /// <summary>As many customers whose whole past is in memory at once, when a release makes their history be folded anew.</summary>
    private const int RefoldedTogetherMax = 64;

    private const int ReasonLengthMax = 500;

    /// <summary>As many days' cut points as a customer lives through again and again before that is written.</summary>
    private const int CutsUnwrittenMax = 30;

    /// <param name="consumed">The position the step consumes to: who fails after their inputs are set aside behind it.</param>
    /// <param name="firedTo">The instant up to which the step deals with due rows; null for a step that does not.</param>
    public async Task ExecuteAsync(ShardTransaction transaction, IReadOnlyCollection<CustomerWork> works, long consumed, Instant? firedTo,
        CancellationToken ct)
    {
        foreach (var erased in works.Where(IsErasure)) Erase(transaction, erased.Customer);
        var wanted = works.Where(work => !memory.Quarantined.ContainsKey(work.Customer) && !IsErasure(work)).ToList();
        var customers = await memory.LoadAsync([.. wanted.Select(work => work.Customer)], ct);
        var refolded = new List<CustomerWork>();
        foreach (var work in wanted)
        {
            var tenant = await memory.TenantAsync(work.Customer.Tenant, ct);
            if (memory.IsErased(work.Customer)) transaction.NoLongerDue.Add(work.Customer);
            else if (!customers.TryGetValue(work.Customer, out var customer))
                Quarantine(transaction, work.Customer, work.Timeline.Inputs.Count > 0 ? work.Timeline.Inputs[0].Position
                    : consumed + 1, "The state cannot be read.");
            else if (NeedsPast(tenant, customer, work.Timeline)) refolded.Add(work);
            else await ExecuteAsync(transaction, tenant, customer, work, _ => new Past([], []), consumed, firedTo, ct);
        }
        foreach (var together in refolded.Chunk(RefoldedTogetherMax))
        {
            var past = await memory.ReadPastAsync([.. together.Select(work => work.Customer)], together.Max(work => work.Timeline.Bound), ct);
            foreach (var work in together)
            {
                var tenant = await memory.TenantAsync(work.Customer.Tenant, ct);
                await ExecuteAsync(transaction, tenant, customers[work.Customer], work, Before([.. past[work.Customer]]), consumed, firedTo, ct);
            }
        }
    }

    /// <summary>A customer's inputs before a position and their facts, decoded when they are asked for.</summary>
    /// <remarks>Facts are appended when their step ends, after inputs that came meanwhile, so their positions say nothing: all that are in the log
    /// followed from what the customer's state has lived through.</remarks>
    public static Func<long, Past> Before(IReadOnlyCollection<LogRow> rows) => before => new Past(
        [.. rows.Where(row => row.Kind == EventKind.Input && row.Position < before).Select(EventCodec.ToRecorded)],
        [.. rows.Where(row => row.Kind == EventKind.Fact).Select(EventCodec.ToRecordedFact)]);

    private async Task ExecuteAsync(ShardTransaction transaction, TenantInShard tenant, LiveCustomer customer, CustomerWork work,
        Func<long, Past> pastBefore, long consumed, Instant? firedTo, CancellationToken ct)
    {
        var timeline = work.Timeline;
        if (TryExecute(transaction, tenant, customer, timeline, pastBefore, firedTo, out var reached, out var reason))
        {
            if (work.BrokenAt is { } broken) Quarantine(transaction, customer.Address, broken, "The input cannot be read.");
            return;
        }
        // What went well before the failure counts, so that the customer's facts do not depend on where steps begin and end.
        var again = await memory.ReloadAsync(customer.Address, ct);
        var good = new CustomerTimeline([.. timeline.Inputs.Take(reached)]);
        var stands = reached > 0 && again is not null && TryExecute(transaction, tenant, again, good, pastBefore, firedTo, out _, out _);
        var failed = stands ? reached : 0;
        Quarantine(transaction, customer.Address, failed < timeline.Inputs.Count ? timeline.Inputs[failed].Position : consumed + 1, reason!);
    }

    private static bool TryExecute(ShardTransaction transaction, TenantInShard tenant, LiveCustomer customer, CustomerTimeline timeline,
        Func<long, Past> pastBefore, Instant? firedTo, out int reached, out string? reason)
    {
        reached = 0;
        try
        {
            var idle = IsLookAtCutsOnly(tenant, customer, timeline);
            var (facts, next) = timeline.Run(tenant, customer.State, pastBefore, out reached);
            if (idle && facts.Count == 0 && ShardTransaction.Serves(customer.StoredDue, next)) customer.Rest();
            else transaction.Add(tenant, customer, facts, next, firedTo);
            transaction.LookUps.AddRange(LookUpRow.Of(tenant.Tenant, customer.Address, timeline.Inputs));
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
    private static bool IsLookAtCutsOnly(TenantInShard tenant, LiveCustomer customer, CustomerTimeline timeline)
    {
        if (timeline.Inputs.Count > 0 || timeline.Until is not null || customer.IsNew) return false;
        var ahead = tenant.Between(customer.State.LivedTo, timeline.Bound);
        foreach (var input in ahead)
            if (input.Input is not (CutPointsComputed or CountAsked)) return false;
        return ahead.Length is > 0 and <= CutsUnwrittenMax;
    }

    private static bool IsErasure(CustomerWork work) => work.Timeline.Inputs is [.., { Input: CustomerErased }];

    /// <summary>Of whose life ends nothing is judged any more, not even what came just before.</summary>
    private void Erase(ShardTransaction transaction, CustomerAddress address)
    {
        transaction.Erased.Add(address);
        memory.Quarantined.Remove(address);
        memory.Forget(address);
    }

    private void Quarantine(ShardTransaction transaction, CustomerAddress address, long position, string reason)
    {
        var shortened = reason.Length <= ReasonLengthMax ? reason : reason[..ReasonLengthMax];
        transaction.Quarantine(address, position, shortened);
        memory.Quarantined[address] = position;
        memory.Forget(address);
        logger.LogError("Customer {Customer} of tenant {Tenant} in shard {Shard} is set aside from position {Position}: {Reason}",
            address.Key, address.Tenant, memory.Shard, position, shortened);
    }

    /// <summary>Whether a release is activated in the visit for a customer who has inputs before it.</summary>
    private static bool NeedsPast(TenantInShard tenant, LiveCustomer customer, CustomerTimeline timeline)
    {
        var from = customer.IsNew && timeline.Inputs.Count > 0 ? timeline.Inputs[0].Position : customer.State.LivedTo;
        foreach (var input in tenant.Between(from, timeline.Bound))
            if (input.Input is ReleaseActivated) return true;
        return false;
    }
}
