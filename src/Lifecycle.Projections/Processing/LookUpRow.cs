using Lifecycle.Domain.Events;
using Lifecycle.Domain.Personal;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Tenants;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>What a customer can be found by from an instant on.</summary>
/// <param name="Hash">Null where it was forgotten then.</param>
internal sealed record LookUpRow(CustomerAddress Customer, LookUpKind Attribute, Guid? Hash, Instant At)
{
    /// <summary>What some inputs of a customer say of it, the last word on each.</summary>
    public static IEnumerable<LookUpRow> Of(Tenant tenant, CustomerAddress customer, IReadOnlyList<Recorded> inputs)
    {
        Dictionary<LookUpKind, LookUpRow>? said = null;
        foreach (var input in inputs)
        {
            if (input.Input is not ProfileChanged changed) continue;
            foreach (var (name, value) in changed.Traits.Members())
            {
                if (LookUp.KindOf(name) is not { } kind) continue;
                said ??= [];
                if (said.TryGetValue(kind, out var before) && before.At > input.OccurredAt) continue;
                Guid? hash = value.IsMissing || LookUp.Normalised(kind, value.ToString()) is not { } normalised ? null
                    : CustomerDirectory.LookUpHash(tenant, kind, normalised);
                said[kind] = new LookUpRow(customer, kind, hash, input.OccurredAt);
            }
        }
        return said?.Values ?? Enumerable.Empty<LookUpRow>();
    }
}
