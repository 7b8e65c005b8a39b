using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery;

/// <summary>How far a delivery has come.</summary>
public enum DeliveryStatus : short
{
    /// <summary>Its first or another attempt is still to come.</summary>
    Pending = 0,

    /// <summary>The endpoint took it.</summary>
    Sent = 1,

    /// <summary>It will not be sent.</summary>
    Withheld = 2,
}

/// <summary>One requested action on its way to one endpoint.</summary>
/// <param name="Key">The action's key; with the endpoint it names the delivery.</param>
/// <param name="Endpoint">Zero where the tenant had none.</param>
/// <param name="CustomerId">Null once the customer is erased.</param>
/// <param name="RequestedAt">The customer's clock when it was requested.</param>
/// <param name="CreatedAt">By the database's clock.</param>
/// <param name="Request">The <see cref="ActionRequested"/> as JSON.</param>
/// <param name="Attempt">The number of the last attempt begun, zero before the first.</param>
/// <param name="NextAt">When a pending one is tried again, and when another came to its end.</param>
/// <param name="LastStatus">The HTTP status of the last attempt, if there was an answer.</param>
/// <param name="LastError">Why the last attempt failed or the delivery was withheld; null if it was sent.</param>
/// <param name="Attempts">What was sent and what came back, in order.</param>
public sealed record DeliveryRecord(RecordId Key, int Endpoint, CustomerKey Customer, string? CustomerId, Instant RequestedAt, Instant CreatedAt,
    ReadOnlyMemory<byte> Request, DeliveryStatus Status, int Attempt, Instant NextAt, int? LastStatus, string? LastError,
    IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>One message sent, and what came back.</summary>
/// <param name="Status">The HTTP status, null where no answer came.</param>
/// <param name="Error">Null for success.</param>
public sealed record DeliveryAttempt(int Attempt, Instant StartedAt, Duration Took, int? Status, string? Error);

/// <summary>The last delivery of a page, after which the next page begins.</summary>
public sealed record DeliveryCursor(Instant CreatedAt, RecordId Key, int Endpoint);

/// <summary>Deliveries of a tenant, newest first.</summary>
/// <param name="Next">Null on the last page.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryRecord> Deliveries, DeliveryCursor? Next);

/// <summary>What came of asking for a replay.</summary>
public enum ReplayResult : byte { Replayed, AlreadyPending, Unknown }
