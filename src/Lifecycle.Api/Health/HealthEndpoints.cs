using System.Globalization;
using System.Net;
using System.Text;
using Lifecycle.Api.Hosting;
using Lifecycle.Api.Http;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Npgsql;

namespace Lifecycle.Api.Health;

/// <summary>Whether the process lives, whether it can serve, and how far it has come.</summary>
/// <remarks>Anybody may ask the first two. How far it has come counts the events of all tenants, so it is told on this machine only.</remarks>
public static class HealthEndpoints
{
    // Load balancers ask with either.
    private static readonly string[] Looking = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/livez", Looking, () => Results.Text("ok\n")).ExcludeFromDescription();
        routes.MapMethods("/readyz", Looking, ReadyAsync).ExcludeFromDescription();
        routes.MapGet("/metrics", MetricsAsync).ExcludeFromDescription();
    }

    /// <summary>200 once the database answers, has been migrated and has room; a process that does not start does not listen.</summary>
    private static async Task<IResult> ReadyAsync(HttpContext context, Engine engine, CancellationToken ct)
    {
        if (engine.IsStopping) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "stopping", "This server is about to stop.");
        // What intake answers, a load balancer should know.
        if (engine.Intake.DiskShortage() is { } shortage)
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, shortage.Code, shortage.Message);
        try
        {
            if (!await engine.Database.Readers.TakesWritesAsync(ct))
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "read_only", Outage.ReadOnly.Advice());
            if (!IsFromHere(context)) return Results.Json(new { Ready = true }, ApiJson.Options);
            var lag = 0L;
            for (var shard = 0; shard < engine.Database.Shards; shard++) lag += (await LagAsync(engine, shard, ct)).Lag;
            return Results.Json(new { Ready = true, Lag = lag, HeldShards = engine.Processing.HeldShards.Count }, ApiJson.Options);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "database_away", "The database does not answer.");
        }
    }

    private static async Task<IResult> MetricsAsync(HttpContext context, Engine engine, CancellationToken ct)
    {
        if (!IsFromHere(context)) return Problems.Of(StatusCodes.Status403Forbidden, "only_from_here",
            "These numbers count the events of all tenants, so they are told on the server's own machine only; let a collector there ask for them.");
        StringBuilder appended = new(), judged = new(), lag = new(), pending = new();
        Begin(appended, "lifecycle_log_position", "counter", "Events in the log of a shard: inputs, facts and shard inputs.");
        Begin(judged, "lifecycle_judged_position", "counter", "Position up to which a shard has been judged.");
        Begin(lag, "lifecycle_judging_lag", "gauge", "Positions that a shard has yet to judge.");
        Begin(pending, "lifecycle_deliveries_pending", "gauge", "Deliveries of a shard that wait for their first or another attempt.");
        for (var shard = 0; shard < engine.Database.Shards; shard++)
        {
            var now = await LagAsync(engine, shard, ct);
            await using var count = engine.Database.Readers.Source.CreateCommand(ApiSql.CountPendingDeliveries).With(shard);
            Add(appended, "lifecycle_log_position", shard, now.Head);
            Add(judged, "lifecycle_judged_position", shard, now.Judged);
            Add(lag, "lifecycle_judging_lag", shard, now.Lag);
            Add(pending, "lifecycle_deliveries_pending", shard, (long)(await count.ExecuteScalarAsync(ct))!);
        }
        var held = new StringBuilder();
        Begin(held, "lifecycle_held_shards", "gauge", "Shards whose leases this process holds.");
        held.Append(CultureInfo.InvariantCulture, $"lifecycle_held_shards {engine.Processing.HeldShards.Count}\n");
        return Results.Text($"{appended}{judged}{lag}{pending}{held}", "text/plain; version=0.0.4; charset=utf-8");
    }

    /// <summary>Whether who asks is on this machine, and no proxy on it asks for somebody else.</summary>
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");

    private static async Task<(long Head, long Judged, long Lag)> LagAsync(Engine engine, int shard, CancellationToken ct)
    {
        var judged = await engine.Progress.OfAsync(shard, ct);
        var head = (await engine.ReadLog.HeadAsync(shard, ct)).Position;
        var reached = Math.Min(judged.Consumed, head);
        return (head, reached, head - reached);
    }

    private static void Begin(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Add(StringBuilder text, string name, int shard, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{{shard=\"{shard}\"}} {value}\n");
}
