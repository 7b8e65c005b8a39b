using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>A delivery that is ours for a while, with the number of the attempt that the claim began.</summary>
/// <param name="Endpoint">Zero where the tenant had none when the action was requested.</param>
/// <param name="RequestedAt">The customer's clock then.</param>
/// <param name="Request">The <see cref="ActionRequested"/> as JSON.</param>
/// <param name="Tried">An earlier attempt came to an end.</param>
/// <param name="ClaimedAt">By the database's clock.</param>
public sealed record Claim(int Shard, int Tenant, CustomerKey Customer, RecordId Key, int Endpoint, Instant RequestedAt, ReadOnlyMemory<byte> Request,
    int Attempt, bool Tried, Instant ClaimedAt);
