using Lifecycle.Api.Hosting;
using Lifecycle.Api.Http;
using Lifecycle.Ingestion;

namespace Lifecycle.Api.Customers;

/// <param name="Seen">How far to wait, as <c>?after=</c>, until nothing derived of the customer is left.</param>
public sealed record ErasedAnswer(bool Erased, string Seen);

/// <summary>Ends a customer's life on request.</summary>
public static class ErasureEndpoints
{
    public static void MapErasure(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/customers/{id}/erase", EraseAsync).WithName("erase_customer").Produces<ErasedAnswer>();

    private static async Task<IResult> EraseAsync(CustomerId customer, Caller caller, Engine engine, CancellationToken ct) =>
        await engine.Log.EraseAsync(caller.Tenant, engine.Customers.Locate(caller.Tenant, customer.Value), ct) is { } outcome
            ? Results.Json(new ErasedAnswer(true, SeenToken.Of([(outcome.Shard, outcome.Position)]).For(caller.Tenant)), ApiJson.Options)
            : CustomerEndpoints.Unknown(customer);
}
