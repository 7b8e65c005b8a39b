using Lifecycle.Api.Hosting;
using Lifecycle.Api.Http;
using Lifecycle.Projections.Releases;
using NodaTime;

namespace Lifecycle.Api.Clock;

/// <summary>How far a test tenant's clock is to go: by a duration such as <c>40 days</c>, or to an instant. One of the two.</summary>
public sealed record AdvanceBody(string? By, Instant? To);

/// <param name="Clock">For a live tenant the time of day.</param>
public sealed record ClockAnswer(Instant Clock, bool Test);

/// <summary>The time that rules: the wall's for a live tenant, its own for a test tenant.</summary>
public static class ClockEndpoints
{
    public static void MapClock(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/clock", GetAsync).WithName("clock").Produces<ClockAnswer>();
        routes.MapPost("/clock/advance", AdvanceAsync).WithName("advance_clock").Accepts<AdvanceBody>("application/json").Produces<ClockAnswer>();
    }

    private static async Task<IResult> GetAsync(Caller caller, TestClock clock, Engine engine, CancellationToken ct) =>
        Answer(caller, caller.Tenant.Test ? await clock.NowAsync(caller.Tenant, ct) : engine.Now);

    private static async Task<IResult> AdvanceAsync(HttpContext context, Caller caller, TestClock clock, CancellationToken ct)
    {
        if (!caller.Tenant.Test) return LiveTenant();
        var (body, problem) = await Bodies.ReadAsync<AdvanceBody>(context, ct);
        if (problem is not null) return problem;
        AdvanceResult result;
        switch (body)
        {
            case { By: { } by, To: null }:
                if (EmbeddedTexts.ReadDuration(by) is not ({ } milliseconds and > 0))
                    return Problems.BadParameter("/by", $"'{by}' is no duration; write it as '40 days' or P40D.");
                if (milliseconds > (long)TestClock.AdvanceMax.TotalMilliseconds) return TooFar("/by");
                result = await clock.AdvanceAsync(caller.Tenant, Duration.FromMilliseconds(milliseconds), ct);
                break;
            case { By: null, To: { } to }:
                if (to < await clock.NowAsync(caller.Tenant, ct)) return Problems.BadParameter("/to", "A clock does not go back.");
                result = await clock.AdvanceAsync(caller.Tenant, to, ct);
                break;
            default:
                return Problems.BadParameter("", "Say how far: either {\"by\":\"40 days\"} or {\"to\":\"2026-12-31T00:00:00Z\"}.");
        }
        return result switch
        {
            AdvanceResult.Advanced advanced => Answer(caller, advanced.Clock),
            AdvanceResult.AdvanceRefused { Code: "live_tenant" } => LiveTenant(),
            _ => TooFar(body!.To is null ? "/by" : "/to"),
        };
    }

    private static IResult Answer(Caller caller, Instant clock) => Results.Json(new ClockAnswer(clock, caller.Tenant.Test), ApiJson.Options);

    private static IResult LiveTenant() =>
        Problems.Of(StatusCodes.Status409Conflict, "live_tenant", "A live tenant's clock is the time of day; use the test tenant's key.");

    private static IResult TooFar(string pointer) =>
        Problems.BadParameter(pointer, $"A clock goes at most {(int)TestClock.AdvanceMax.TotalDays} days in one call.");
}
