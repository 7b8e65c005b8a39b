using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Lifecycle.Cli.Import;

namespace Lifecycle.Cli.Commands;

/// <summary><c>import FILE… --map MAP [FILE… --map MAP …]</c>: sends the rows of files as history and waits until all of it is judged.</summary>
internal static class ImportCommand
{
    private const int BadRowsShownMax = 20;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files of rows; each is read with the map that follows it.", Arity =
            ArgumentArity.OneOrMore };
        var map = new Option<string[]>("--map") { Description = "How the rows of the files before it become events.", Required = true };
        var batch = new Option<int>("--batch") { Description = "Events in one request, 1 to 10,000.", DefaultValueFactory = _ => 2000 };
        var order = new Option<string?>(
            "--order") { Description = "file: as the files have them; time: by time over all customers. By default customer by customer." };
        var keepOpen = new Option<bool>(
            "--keep-open") { Description = "Leave the history open for a file that follows; without one it is closed after ten minutes." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        order.AcceptOnlyFromAmong("file", "time");
        var address = new ServerAddress();
        var command = new Command("import", "Import files as history.") { files, map, batch, order, keepOpen, json };
        address.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var size = parsed.GetValue(batch);
            if (size is < 1 or > 10_000) throw new UsageException("--batch is from 1 to 10000.");
            var sources = ReadSources(Pair(parsed.Tokens));
            var (url, key) = address.Read(parsed, "admin_key");
            var options = new ImportOptions(url, key, sources) { BatchMax = size, Order = OrderOf(parsed.GetValue(order)), KeepOpen =
                parsed.GetValue(keepOpen) };
            return RunAsync(options, parsed.GetValue(json), ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(ImportOptions options, bool json, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        ImportResult? result = null;
        await ProgressDisplay.ShowAsync("Importing", 0, quiet: json, async step =>
            result = await new ImportRun(http, TimeProvider.System).RunAsync(options, progress => Tell(progress, step), ct));
        foreach (var bad in result!.BadRows.Take(BadRowsShownMax)) Console.Error.WriteLine(bad);
        if (result.Rejected > BadRowsShownMax) Console.Error.WriteLine($"… and {result.Rejected - BadRowsShownMax} more rows.");
        foreach (var odd in result.Warnings.Take(BadRowsShownMax)) Console.Error.WriteLine($"warning: {odd}");
        if (result.Warned > BadRowsShownMax) Console.Error.WriteLine($"… and {result.Warned - BadRowsShownMax} more warnings.");
        Console.WriteLine(json
            ? new JsonObject
            {
                ["read"] = result.Read,
                ["appended"] = result.Appended,
                ["duplicates"] = result.Duplicates,
                ["rejected"] = result.Rejected,
                ["skipped"] = result.Skipped,
                ["warned"] = result.Warned,
                ["in_the_present"] = result.InThePresent,
            }.ToJsonString()
            : $"Read {result.Read} rows: {result.Appended} appended, {result.Duplicates} in the log already, {result.Skipped} left out by the map, "
                + $"{result.Rejected} rejected. All of it is judged.{(options.KeepOpen ? " The history is still open." : "")}");
        return result.Rejected > 0 ? ExitCodes.BadRows : ExitCodes.Success;
    }

    private static void Tell(ImportProgress progress, Action<long, long> step)
    {
        if (progress.Notice is { } notice) Console.Error.WriteLine(notice);
        else step(progress.Done, progress.Total);
    }

    /// <summary>Files with the map that follows them, from the command line in the order it was written, which parsed values no longer
    /// tell.</summary>
    /// <exception cref="UsageException">A file has no map, or a map no file.</exception>
    internal static List<(string File, string Map)> Pair(IReadOnlyList<Token> tokens)
    {
        var (pairs, waiting) = (new List<(string, string)>(), new List<string>());
        for (var i = 0; i < tokens.Count; i++)
        {
            switch (tokens[i])
            {
                case { Type: TokenType.Option, Value: "--map" } when i + 1 < tokens.Count:
                    var map = tokens[++i].Value;
                    if (waiting.Count == 0) throw new UsageException($"--map {map} follows no file.");
                    pairs.AddRange(waiting.Select(file => (file, map)));
                    waiting.Clear();
                    break;
                case { Type: TokenType.Option, Value: not ("--json" or "--keep-open") }:
                    i++; // The value of another option.
                    break;
                case { Type: TokenType.Argument, Value: var file }:
                    waiting.Add(file);
                    break;
            }
        }
        return waiting.Count == 0 ? pairs : throw new UsageException($"{waiting[0]} has no --map after it.");
    }

    private static List<ImportSource> ReadSources(List<(string File, string Map)> pairs)
    {
        var maps = new Dictionary<string, ImportMap>();
        foreach (var path in pairs.Select(pair => pair.Map).Distinct())
        {
            var (map, errors) = ImportMapReader.Read(ReadText(path), path);
            maps[path] = map ?? throw new CommandFailedException(string.Join('\n', errors));
        }
        foreach (var (file, _) in pairs)
            if (!File.Exists(file)) throw new CommandFailedException($"There is no file {file}.");
        return [.. pairs.Select(pair => new ImportSource(pair.File, maps[pair.Map]))];
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The map {path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static ImportOrder OrderOf(string? name) => name switch
    {
        "file" => ImportOrder.File,
        "time" => ImportOrder.Time,
        _ => ImportOrder.Customer,
    };
}
