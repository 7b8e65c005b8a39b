using System.Text.Json;
using Lifecycle.Api.Http;
using Lifecycle.Delivery;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Api.Deliveries;

/// <param name="Status">The HTTP status, null where no answer came.</param>
/// <param name="Error">Null for success.</param>
public sealed record AttemptAnswer(int Attempt, Instant StartedAt, Duration Took, int? Status, string? Error);

/// <param name="Endpoint">0 where the tenant had none.</param>
/// <param name="Customer">Null once the customer is erased.</param>
/// <param name="Request">What the journey asked for: journey, enrolment, step, channel, template.</param>
/// <param name="NextAt">When it is tried again; null once it came to its end.</param>
public sealed record DeliveryAnswer(RecordId Key, int Endpoint, string? Customer, Instant RequestedAt, Instant CreatedAt, JsonElement Request,
    DeliveryStatus Status, int Attempt, Instant? NextAt, int? LastStatus, string? LastError, IReadOnlyList<AttemptAnswer> Attempts);

/// <summary>What was sent, what came back, and once more on demand.</summary>
public static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/deliveries", ListAsync).WithName("deliveries").Produces<ItemList<DeliveryAnswer>>();
        routes.MapPost("/deliveries/{key}/replay", ReplayAsync).WithName("replay_delivery").Produces(202);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, Caller caller, Lifecycle.Delivery.DeliveryStore deliveries, string? limit, string? cursor, CancellationToken ct)
    {
        var parameters = new Parameters();
        var size = parameters.Limit(limit, max: Lifecycle.Delivery.DeliveryStore.LimitMax);
        var after = parameters.Cursor<DeliveryCursor>(cursor);
        if (parameters.Refusal is { } refusal) return refusal;
        var page = await deliveries.ListAsync(caller.Tenant.Id, size, after, ct);
        return ListAnswers.Page(context, [.. page.Deliveries.Select(ToAnswer)], page.Next is null ? null : ListAnswers.ToCursor(page.Next));
    }

    private static async Task<IResult> ReplayAsync(string key, string? endpoint, Caller caller, Lifecycle.Delivery.DeliveryStore deliveries,
        CancellationToken ct)
    {
        if (!Guid.TryParseExact(key, "n", out var id)) return Unknown(key);
        var parameters = new Parameters();
        var number = parameters.Number("endpoint", endpoint, 1, 0, int.MaxValue);
        if (parameters.Refusal is { } refusal) return refusal;
        return await deliveries.ReplayAsync(caller.Tenant.Id, new RecordId(id), number, ct) switch
        {
            ReplayResult.Replayed => Results.StatusCode(StatusCodes.Status202Accepted),
            ReplayResult.AlreadyPending => Problems.Of(StatusCodes.Status409Conflict, "already_pending", "This delivery is on its way already."),
            ReplayResult.Unknown => Unknown(key),
        };
    }

    private static IResult Unknown(string key) => Problems.NotFound("unknown_delivery", $"There is no delivery {key} for this endpoint.");

    private static DeliveryAnswer ToAnswer(DeliveryRecord delivery)
    {
        using var request = JsonDocument.Parse(delivery.Request, StoredJson.Parsing);
        return new DeliveryAnswer(delivery.Key, delivery.Endpoint, delivery.CustomerId, delivery.RequestedAt, delivery.CreatedAt,
            request.RootElement.Clone(),
            delivery.Status, delivery.Attempt, delivery.Status == DeliveryStatus.Pending ? delivery.NextAt
                : null, delivery.LastStatus, delivery.LastError,
            [.. delivery.Attempts.Select(
                attempt => new AttemptAnswer(attempt.Attempt, attempt.StartedAt, attempt.Took, attempt.Status, attempt.Error))]);
    }
}
