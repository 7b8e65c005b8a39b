using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;

namespace Lifecycle.Cli.Commands;

/// <summary><c>rebuild</c>: makes states, due instants and stage spans anew from the log.</summary>
internal static class RebuildCommand
{
    /// <summary>As many shards as are rebuilt at once.</summary>
    private const int AtOnce = 2;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var address = new ServerAddress();
        var command = new Command(
            "rebuild", "Make states, due instants and stage spans anew from the log. The server may go on; each shard rests while it is rebuilt. "
            + "Works on the database that LIFECYCLE_DATABASE names, else the one in server.json of the data folder.") { json };
        address.AddDataTo(command);
        command.SetAction((parsed, ct) => RunAsync(address.ReadLog(parsed), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(LogPlace log, bool json, CancellationToken ct)
    {
        await using var database = await ServerLog.OpenAsync(log, ct);
        var rebuild = new Rebuild(new TouchpointLog(database), new ReleaseStore(database));
        var (report, done, gate) = (RebuildReport.Empty, 0, new Lock());
        await ProgressDisplay.ShowAsync("Rebuilding", database.Shards, quiet: json, async step =>
            await Parallel.ForEachAsync(Enumerable.Range(0, database.Shards),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (shard, stop) =>
            {
                var one = await rebuild.RunAsync(shard, stop);
                lock (gate)
                {
                    report = report.And(one);
                    step(++done, database.Shards);
                }
            }));
        if (json)
            Console.WriteLine(new JsonObject
            {
                ["customers"] = report.Customers, ["events"] = report.Events, ["set_aside"] = report.SetAside, ["different"] = report.Different,
                    ["behind"] = report.Behind,
                ["different_facts"] = DifferenceLines.ToJson(report.Differences), ["set_aside_customers"] = DifferenceLines.ToJson(report.Unlived),
            }.ToJsonString());
        else Print(report);
        return report is { SetAside: 0, Different: 0 } ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static void Print(RebuildReport report)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"The states of {report.Customers} customers were made anew from {report.Events} events; their facts were compared and are those in "
            + $"the log."));
        DifferenceLines.Show(DifferenceLines.Lines(report.Differences));
        DifferenceLines.Show(DifferenceLines.Lines(report.Unlived));
        if (report.SetAside > 0) Console.Error.WriteLine($"{report.SetAside} customers are set aside and were left as they are.");
        if (report.Behind > 0)
            Console.Error.WriteLine(
                $"{report.Behind} customers were left as they are, because a newer version of the program has not judged them yet. Start the "
                + "server.");
        if (report.Different > 0)
            Console.Error.WriteLine($"{report.Different} customers were left as they are, because their inputs do not give the facts in the log.");
    }
}
