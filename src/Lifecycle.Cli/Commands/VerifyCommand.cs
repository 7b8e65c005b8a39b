using System.CommandLine;
using System.Text.Json.Nodes;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;

namespace Lifecycle.Cli.Commands;

/// <summary><c>verify</c>: recomputes all facts from the inputs in the log and compares them with the facts in the log.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var address = new ServerAddress();
        var command = new Command("verify",
            "Recompute all facts from the inputs and compare. Reads the database that LIFECYCLE_DATABASE names, else the one in server.json of the "
            + "data folder.") { json };
        address.AddDataTo(command);
        command.SetAction((parsed, ct) => RunAsync(address.ReadLog(parsed), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(LogPlace log, bool json, CancellationToken ct)
    {
        await using var database = await ServerLog.OpenAsync(log, ct);
        var replay = new Replay(new TouchpointLog(database), new ReleaseStore(database));
        var report = ReplayReport.Empty;
        await ProgressDisplay.ShowAsync("Replaying", database.Shards, quiet: json, async step =>
        {
            for (var shard = 0; shard < database.Shards; shard++)
            {
                report = report.And(await CompareAsync(replay, shard, ct));
                step(shard + 1, database.Shards);
            }
        });
        if (json) Console.WriteLine(ToJson(report).ToJsonString());
        else Print(report);
        return report is { DifferenceCount: 0, SetAside: 0 } ? ExitCodes.Success : ExitCodes.Failure;
    }

    /// <summary>One shard. Whatever a damaged log makes of the machine is an answer to the question that was asked, and is told like one.</summary>
    private static async Task<ReplayReport> CompareAsync(Replay replay, int shard, CancellationToken ct)
    {
        try
        {
            return await replay.CompareAsync(shard, ct);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or LogUnavailableException or ArchiveUnavailableException))
        {
            throw new CommandFailedException($"Shard {shard} cannot be recomputed: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static JsonObject ToJson(ReplayReport report) => new()
    {
        ["equal"] = report.DifferenceCount == 0,
        ["customers"] = report.Customers,
        ["facts"] = report.Facts,
        ["differences"] = report.DifferenceCount,
        ["set_aside"] = report.SetAside,
        ["unjudged"] = report.Unjudged,
        ["uncompared"] = report.Uncompared,
        ["erased"] = report.Erased,
        ["different_facts"] = DifferenceLines.ToJson(report.Differences),
        ["set_aside_customers"] = DifferenceLines.ToJson(report.Unlived),
    };

    private static void Print(ReplayReport report)
    {
        DifferenceLines.Show(DifferenceLines.Lines(report.Differences));
        DifferenceLines.Show(DifferenceLines.Lines(report.Unlived));
        if (report.SetAside > 0) Console.Error.WriteLine($"Not compared: {report.SetAside} customers who are set aside.");
        if (report.Unjudged > 0) Console.Error.WriteLine($"Not compared: {report.Unjudged} customers with events that are not judged yet.");
        if (report.Erased > 0) Console.Error.WriteLine($"Not compared: {report.Erased} customers who are erased.");
        if (report.Uncompared > 0)
            Console.Error.WriteLine($"Not compared: {report.Uncompared} facts from before the engine's semantics or time zones changed.");
        if (report.DifferenceCount > 0)
            Console.Error.WriteLine($"{report.DifferenceCount} of {report.Facts} facts differ from what the inputs give.");
        else Console.WriteLine($"The inputs of {report.Customers} customers give the same {report.Facts} facts.");
    }
}
