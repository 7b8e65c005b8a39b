using Lifecycle.Api.Http;
using Lifecycle.EventLog;
using Lifecycle.Ingestion;

namespace Lifecycle.Api.Customers;

/// <param name="Seen">How far to wait, as <c>?after=</c>, until nothing derived of the customer is left.</param>
public sealed record ErasedAnswer(bool Erased, string Seen);

/// <summary>Ends a customer's life on request.</summary>
public static class ErasureEndpoints
{
    public static void MapErasure(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/customers/{id}/erase", EraseAsync).WithName("erase_customer").Produces<ErasedAnswer>();

    private static async Task<IResult> EraseAsync(CustomerId customer, Caller caller, Log log, CustomerRegister customers, CancellationToken ct) =>
        await log.EraseAsync(caller.Tenant, customers.Locate(caller.Tenant, customer.Value), ct) is { } outcome
            ? Results.Json(new ErasedAnswer(true, SeenToken.Of([(outcome.Shard, outcome.Position)]).ToString()), ApiJson.Options)
            : CustomerEndpoints.Unknown(customer);
}
