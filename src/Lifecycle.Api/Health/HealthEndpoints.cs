using System.Globalization;
using System.Text;
using Lifecycle.Api.Hosting;
using Lifecycle.Api.Http;
using Lifecycle.EventLog;
using Npgsql;

namespace Lifecycle.Api.Health;

/// <summary>Whether the process lives, whether it can serve, and how far it has come.</summary>
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
    private static async Task<IResult> ReadyAsync(Engine engine, CancellationToken ct)
    {
        if (engine.IsStopping) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "stopping", "This server is about to stop.");
        // What intake answers, a load balancer should know.
        if (engine.Intake.DiskShortage() is { } shortage) return Problems.Of(StatusCodes.Status503ServiceUnavailable, shortage.Code, shortage.Message);
        try
        {
            if (!await engine.Database.Readers.TakesWritesAsync(ct))
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "read_only", Outage.ReadOnly.Advice());
            var lag = 0L;
            for (var shard = 0; shard < engine.Database.Shards; shard++) lag += (await LagAsync(engine, shard, ct)).Lag;
            return Results.Json(new { Ready = true, Lag = lag, HeldShards = engine.Processing.HeldShards.Count }, ApiJson.Options);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "database_away", "The database does not answer.");
        }
    }

    private static async Task<IResult> MetricsAsync(Engine engine, CancellationToken ct)
    {
        StringBuilder appended = new(), judged = new(), lag = new(), pending = new();
        Begin(appended, "lifecycle_log_position", "counter", "Events in the log of a shard: inputs, facts and shard inputs.");
        Begin(judged, "lifecycle_judged_position", "counter", "Position up to which a shard has been judged.");
        Begin(lag, "lifecycle_judging_lag", "gauge", "Positions that a shard has yet to judge.");
        Begin(pending, "lifecycle_deliveries_pending", "gauge", "Deliveries of a shard that wait for their first or another attempt.");
        for (var shard = 0; shard < engine.Database.Shards; shard++)
        {
            var now = await LagAsync(engine, shard, ct);
            await using var count = engine.Database.Readers.Source.CreateCommand(Statements.CountPendingDeliveries).With(shard);
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
