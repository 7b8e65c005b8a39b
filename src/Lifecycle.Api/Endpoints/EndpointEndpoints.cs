using Lifecycle.Api.Http;
using NodaTime;

namespace Lifecycle.Api.Endpoints;

/// <param name="Secret"><c>whsec_</c> and base64 of 24 to 64 bytes; made where it is absent.</param>
public sealed record EndpointBody(string? Url, string? Secret);

/// <param name="Secret">Shown when the endpoint is made, and never again.</param>
public sealed record EndpointAnswer(
    int Number, string Url, string? Secret, bool Enabled, string? DisabledBecause, Instant? FailingSince, Instant CreatedAt);

/// <summary>Where a tenant's messages go.</summary>
public static class EndpointEndpoints
{
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/endpoints", ListAsync).WithName("endpoints").Produces<ItemList<EndpointAnswer>>();
        routes.MapPost("/endpoints", CreateAsync).WithName("create_endpoint").Accepts<EndpointBody>("application/json").Produces<EndpointAnswer>(201);
        routes.MapDelete("/endpoints/{number:int}", DisableAsync).WithName("disable_endpoint").Produces(204);
        routes.MapPost("/endpoints/{number:int}/disable", DisableAsync).WithName("disable_endpoint_by_post").Produces(204);
        routes.MapPost("/endpoints/{number:int}/enable", EnableAsync).WithName("enable_endpoint").Produces(204);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Caller caller, Lifecycle.Delivery.EndpointStore endpoints,
        CancellationToken ct) =>
        ListAnswers.Page(context, [.. (await endpoints.ListAsync(caller.Tenant.Id, ct)).Select(ToAnswer)], next: null);

    private static async Task<IResult> CreateAsync(HttpContext context, Caller caller, Lifecycle.Delivery.EndpointStore endpoints,
        CancellationToken ct)
    {
        var (body, problem) = await Bodies.ReadAsync<EndpointBody>(context, ct);
        if (problem is not null) return problem;
        if (body!.Url is not { } url) return Problems.BadParameter("/url", "An endpoint needs a url.");
        var (endpoint, refusal) = await endpoints.CreateAsync(caller.Tenant.Id, url, body.Secret, ct);
        return endpoint is null
            ? Problems.Of(
            400, refusal!, ToSentence(refusal!), [new ProblemItem(refusal == "secret_invalid" ? "/secret" : "/url", ToSentence(refusal!))])
            : Results.Json(ToAnswer(endpoint), ApiJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DisableAsync(int number, Caller caller, Lifecycle.Delivery.EndpointStore endpoints, CancellationToken ct) =>
        await endpoints.DisableAsync(caller.Tenant.Id, number, cancellation: ct) ? Results.NoContent() : Unknown(number);

    private static async Task<IResult> EnableAsync(int number, Caller caller, Lifecycle.Delivery.EndpointStore endpoints, CancellationToken ct) =>
        await endpoints.EnableAsync(caller.Tenant.Id, number, ct) ? Results.NoContent() : Unknown(number);

    private static IResult Unknown(int number) => Problems.NotFound("unknown_endpoint", $"There is no endpoint {number}.");

    private static EndpointAnswer ToAnswer(Lifecycle.Delivery.Endpoint endpoint) =>
        new(endpoint.Number, endpoint.Url.OriginalString, endpoint.Secrets, endpoint.Enabled,
        endpoint.DisabledBecause, endpoint.FailingSince, endpoint.CreatedAt);

    private static string ToSentence(string problem) => problem switch
    {
        "url_too_long" => "The url is too long.",
        "url_scheme" => "The url must begin with https:// or http://.",
        "url_credentials" => "The url must not hold a user or a password.",
        "url_fragment" => "The url must not have a part behind a #.",
        "url_port" => "The url's port must be 80, 443 or at least 1024.",
        "secret_invalid" => "A secret is whsec_ and base64 of 24 to 64 bytes.",
        _ => "This is not a url.",
    };
}
