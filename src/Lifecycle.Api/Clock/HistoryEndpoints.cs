using Lifecycle.Api.Hosting;
using Lifecycle.Api.Http;
using Lifecycle.Domain.Texts;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Releases;
using NodaTime;

namespace Lifecycle.Api.Clock;

/// <param name="Clock">The present: for a test tenant its own clock.</param>
/// <param name="Zone">That of the definition, in which a date without a time begins.</param>
public sealed record HistoryAnswer(Instant Clock, string Zone);

/// <summary>Whom an import is about.</summary>
public sealed record PresentBody(IReadOnlyList<string?>? Customers);

/// <param name="Present">How many of them are in the present.</param>
public sealed record PresentAnswer(int Present);

/// <summary>What an import has to know before it sends.</summary>
public static class HistoryEndpoints
{
    private const int CustomersMax = 1000;

    public static void MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/history", GetAsync).WithMetadata(new OpensTo(KeyKind.Write)).WithName("history").Produces<HistoryAnswer>();
        routes.MapPost("/history/present", CountAsync).WithMetadata(new OpensTo(KeyKind.Admin)).WithName("count_present")
            .Accepts<PresentBody>("application/json")
            .Produces<PresentAnswer>();
    }

    private static async Task<IResult> GetAsync(Caller caller, TestClock clock, Engine engine, CancellationToken ct) =>
        Results.Json(new HistoryAnswer(
        caller.Tenant.Test ? await clock.NowAsync(caller.Tenant, ct) : engine.Now, (await engine.Releases.NewestAsync(caller.Tenant.Id, ct)).Zone.Id),
            ApiJson.Options);

    private static async Task<IResult> CountAsync(HttpContext context, Caller caller, PresentQueries present, CancellationToken ct)
    {
        var (body, problem) = await Bodies.ReadAsync<PresentBody>(context, ct);
        if (problem is not null) return problem;
        if (body!.Customers is not { Count: <= CustomersMax } customers)
            return Problems.BadParameter("/customers", $"A list of at most {CustomersMax} ids was expected.");
        var ids = customers.OfType<string>().Select(Nfc.Of).Distinct().ToList();
        return Results.Json(new PresentAnswer(await present.CountAsync(caller.Tenant, ids, ct)), ApiJson.Options);
    }
}
