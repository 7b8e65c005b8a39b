using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using NodaTime;

namespace Lifecycle.EventLog.Log;

/// <summary>A fact on its way into the log.</summary>
/// <param name="Clock">When it came true on the customer's clock; also its time of occurrence.</param>
/// <param name="Cause">The id of what it followed from.</param>
/// <param name="Ordinal">Its place among the facts of that cause, from 0.</param>
/// <param name="Open">JSON in UTF-8, as <see cref="EventCodec"/> writes it.</param>
public sealed record NewFact(int Tenant, CustomerKey Customer, RecordId Id, Instant Clock, string Name, short Version, RecordId Cause, int Ordinal,
    byte[] Open)
{
    /// <summary>A machine's fact, ready to be appended.</summary>
    public static NewFact Of(int tenant, CustomerKey customer, RecordedFact fact)
    {
        var entry = EventCatalog.Of(fact.Fact) ?? throw new InvalidOperationException($"{fact.Fact.GetType().Name} is not in the catalog.");
        return new NewFact(tenant, customer, fact.Id, fact.Clock, entry.Name, entry.Version, fact.Cause, fact.Ordinal,
            EventCodec.WriteOpen(fact.Fact));
    }
}
