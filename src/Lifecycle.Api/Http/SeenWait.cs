using Lifecycle.Api.Hosting;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion;
using Lifecycle.Projections.Processing;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;

namespace Lifecycle.Api.Http;

/// <param name="Judged">False when it took longer than one was ready to wait.</param>
/// <param name="Seen">What was waited for: asking again with it goes on waiting for the same.</param>
public sealed record ProgressAnswer(bool Judged, string Seen);

/// <summary>Lets a reader see their own writes: <c>?after=</c> with the <c>seen</c> of an answer waits until that is judged.</summary>
public static class SeenWait
{
    /// <summary>As long as one request waits.</summary>
    public static readonly Duration WaitMax = Duration.FromSeconds(10);

    /// <summary>As long as a request waits that does nothing else.</summary>
    private const int ProgressSecondsMax = 60;

    /// <summary>Holds every request of the group back until what its <c>after</c> names is judged.</summary>
    public static RouteGroupBuilder WithWaiting(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            return await WaitAsync(context, context.Request.Query["after"], WaitMax) switch
            {
                (_, { } refusal) => refusal,
                (false, _) => TooEarly(context),
                _ => await next(invocation),
            };
        });
        return group;
    }

    public static void MapProgress(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/progress", AskAsync).WithName("progress").Produces<ProgressAnswer>();

    private static async Task<IResult> AskAsync(HttpContext context, string? after, string? wait)
    {
        var parameters = new Parameters();
        var seconds = parameters.Number("wait", wait, 0, 0, ProgressSecondsMax);
        if (parameters.Refusal is { } wrong) return wrong;
        // The seen of an answer to nothing is empty, and nothing is judged at once; who names nothing at all means what there is now.
        after ??= (await HeadsAsync(context)).For(TenantOf(context));
        var (judged, refusal) = await WaitAsync(context, after, Duration.FromSeconds(seconds));
        return refusal ?? Results.Json(new ProgressAnswer(judged, after), ApiJson.Options);
    }

    private static async Task<(bool Judged, IResult? Refusal)> WaitAsync(HttpContext context, string? after, Duration patience)
    {
        if (string.IsNullOrEmpty(after)) return (true, null);
        var services = context.RequestServices;
        var shards = services.GetRequiredService<LogDatabase>().Shards;
        if (SeenToken.Read(TenantOf(context), after) is not { } token || token.Positions.Keys.Any(shard => shard >= shards))
            return (false, Problems.BadParameter(
                "after", "This is no token of this tenant; give the seen of an answer that came by a key of the same tenant, unchanged."));
        if (!await ExistAsync(services, token.Positions, context.RequestAborted))
            return (false, Problems.BadParameter(
                "after", "This token reaches beyond the log, so it is from another copy of it; send the events again and give the new seen."));
        return (await services.GetRequiredService<ShardProgressBoard>().WaitAsync(token.Positions, patience, context.RequestAborted), null);
    }

    private static Tenant TenantOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>().Tenant;

    private static async Task<SeenToken> HeadsAsync(HttpContext context)
    {
        var log = context.RequestServices.GetRequiredService<Engine>().ReadLog;
        var heads = new List<(int, long)>();
        for (var shard = 0; shard < log.Database.Shards; shard++) heads.Add((shard, (await log.HeadAsync(shard, context.RequestAborted)).Position));
        return SeenToken.Of(heads);
    }

    /// <summary>Whether the log has come as far; who waited for what nobody appended would wait for nothing.</summary>
    private static async Task<bool> ExistAsync(IServiceProvider services, IReadOnlyDictionary<int, long> positions, CancellationToken ct)
    {
        var (progress, log) = (services.GetRequiredService<ShardProgressBoard>(), services.GetRequiredService<Engine>().ReadLog);
        foreach (var (shard, position) in positions)
        {
            // What is judged exists, and asking for that costs nothing.
            if ((await progress.OfAsync(shard, ct)).Reaches(position)) continue;
            if ((await log.HeadAsync(shard, ct)).Position < position) return false;
        }
        return true;
    }

    private static IResult TooEarly(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problems.Of(StatusCodes.Status504GatewayTimeout, "not_judged_yet", "What you sent is on disk but not judged yet; ask again.");
    }
}
