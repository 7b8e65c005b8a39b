using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.EventLog.Archive;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Cli.Commands;

/// <summary><c>archive</c>: shows the months of the log, moves old ones into files, checks the files.</summary>
internal static class ArchiveCommand
{
    private static readonly YearMonthPattern Pattern = YearMonthPattern.Iso;

    public static Command Create()
    {
        var before = new Option<string?>("--before")
        {
            Description = "Move the months before this one, as 2026-09, out of the database into files. They must be over and judged; "
                + "pages, verify and rebuild go on reading them.",
        };
        var check = new Option<bool>("--check") { Description = "Read every file and compare it with what was written." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var address = new ServerAddress();
        var command = new Command("archive", "Show the months of the log, in the database and in files. The server may go on. "
            + "Works on the database that LIFECYCLE_DATABASE names, else the one in server.json of the data folder; "
            + "files lie in LIFECYCLE_ARCHIVE, else in archive of the data folder.")
        {
            before, check, json,
        };
        address.AddDataTo(command);
        command.SetAction(
            (parsed, ct) => RunAsync(address.ReadLog(parsed), parsed.GetValue(before), parsed.GetValue(check), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(LogPlace place, string? before, bool check, bool json, CancellationToken ct)
    {
        YearMonth? end = before is null ? null
            : Pattern.Parse(before) is { Success: true } parsed ? parsed.Value
            : throw new UsageException($"'{before}' is no month; write it as 2026-09.");
        await using var database = await ServerLog.OpenAsync(place, ct);
        var archiving = new MonthArchiver(new TouchpointLog(database), place.Archive);
        try
        {
            if (end is { } month) await MoveAsync(archiving, month, json, ct);
        }
        catch (ArchivingRefusedException refused)
        {
            throw new CommandFailedException(refused.Message, refused);
        }
        var files = await FilesAsync(database, ct);
        if (check) await ProgressDisplay.ShowAsync("Checking", files.Count, quiet: json, async step =>
        {
            for (var done = 0; done < files.Count; step(++done, files.Count)) await database.Archive.CheckAsync(files[done], ct);
        });
        var stored = await archiving.ListAsync(ct);
        if (json) Console.WriteLine(ToJson(files, stored, check).ToJsonString());
        else Print(files, stored, check, place.Archive);
        return ExitCodes.Success;
    }

    private static async Task MoveAsync(MonthArchiver archiving, YearMonth before, bool json, CancellationToken ct)
    {
        var months = await archiving.ListBeforeAsync(before, ct);
        await ProgressDisplay.ShowAsync("Archiving", months.Count, quiet: json, async step =>
        {
            for (var done = 0; done < months.Count; step(++done, months.Count)) await archiving.ArchiveAsync(months[done], ct);
        });
    }

    private static async Task<List<ArchivedMonth>> FilesAsync(LogDatabase database, CancellationToken ct)
    {
        var files = new List<ArchivedMonth>();
        for (var shard = 0; shard < database.Shards; shard++) files.AddRange(await database.Archive.MonthsAsync(shard, ct));
        return files;
    }

    private static JsonObject ToJson(List<ArchivedMonth> files, IReadOnlyList<StoredMonth> stored, bool check) => new()
    {
        ["archived"] = new JsonArray([.. ByMonth(files).Select(month => new JsonObject
        {
            ["month"] = month.Name, ["events"] = month.Rows, ["bytes"] = month.Bytes, ["files"] = month.Files,
        })]),
        ["database"] =
            new JsonArray([.. stored.Select(month => new JsonObject { ["month"] = Pattern.Format(month.Month), ["bytes"] = month.Bytes })]),
        ["checked"] = check,
    };

    private static void Print(List<ArchivedMonth> files, IReadOnlyList<StoredMonth> stored, bool check, string folder)
    {
        foreach (var month in ByMonth(files))
            Line($"{month.Name}  {month.Rows,16:N0} events  {month.Bytes / 1e6,10:N1} MB  in {month.Files} files{(check ? ", unharmed" : "")}");
        foreach (var month in stored)
            Line($"{Pattern.Format(month.Month)}  {Estimated(month.Rows),16} events  {month.Bytes / 1e6,10:N1} MB  in the database");
        if (files.Count > 0) Console.WriteLine($"The files lie in {Path.GetFullPath(folder)}.");
    }

    private static string Estimated(long rows) => rows < 0 ? "not yet counted" : string.Create(CultureInfo.InvariantCulture, $"about {rows:N0}");

    private static IEnumerable<(string Name, long Rows, long Bytes, int Files)> ByMonth(List<ArchivedMonth> files) =>
        from file in files
        group file by file.Month into month
        orderby month.Key
        select (Pattern.Format(month.Key), month.Sum(file => file.Rows), month.Sum(file => file.Bytes), month.Count());

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
