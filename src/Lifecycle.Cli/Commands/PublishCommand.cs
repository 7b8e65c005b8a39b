using System.CommandLine;
using System.Text.Json.Nodes;
using Lifecycle.Definitions;

namespace Lifecycle.Cli.Commands;

/// <summary><c>publish FILE…</c>: puts a definition, journeys or settings into the release that rules, and waits until it has judged every
/// customer.</summary>
internal static class PublishCommand
{
    private const int WaitSeconds = 20;
    private static readonly TimeSpan JudgingPatience = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description =
                "A definition, journeys, settings. Each replaces its like in the present release, a journey the one of its name; what is not given "
                + "stays.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var remove = new Option<string[]>("--remove") { Description = "What the release is no longer to have: journey:NAME or settings." };
        var map = new Option<string[]>("--map") { Description = "Where the customers of a stage go that is gone: OLD=NEW or TRACK.OLD=NEW." };
        var basedOn = new Option<int?>("--based-on") { Description =
            "The newest release that you have seen, by number; if there is a newer one nothing is published. By default the newest at the start." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var address = new ServerAddress();
        var command = new Command("publish", "Publish a definition, journeys or settings.") { files, remove, map, basedOn, json };
        address.AddTo(command);
        command.SetAction((parsed, ct) =>
        {
            var (paths, removed) = (parsed.GetValue(files) ?? [], parsed.GetValue(remove) ?? []);
            if (paths.Length == 0 && removed.Length == 0) throw new UsageException("Say what to publish: files, or what to --remove.");
            var edit =
                new JsonObject { ["remove"] = new JsonArray([.. removed.Select(one => (JsonNode)one)]), ["map"] = MapOf(parsed.GetValue(map) ?? []) };
            return RunAsync(paths, edit, parsed.GetValue(basedOn), parsed.GetValue(json), address.Read(parsed, "admin_key"), ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, JsonObject edit, int? basedOn, bool json, (Uri Url, string Key) server,
        CancellationToken ct)
    {
        var files = ReleaseFiles.Read(paths);
        AddTo(edit, files);
        // A definition is judged here with what is given beside it, under the names their writer knows them by.
        if (edit.ContainsKey("definition") && ReleaseReader.ReadFiles(files, 1).Result is { Release: null } wrong)
        {
            ReleaseFiles.Print(wrong.Errors);
            return ExitCodes.Failure;
        }
        using var client = new ServerClient(server.Url, server.Key);
        edit["based_on"] = basedOn ?? (int?)(await AskAsync(client, HttpMethod.Get, "/v1/releases", null, ct))["items"]?.AsArray()
            .FirstOrDefault()?["number"] ?? 0;
        var published = await AskAsync(client, HttpMethod.Post, "/v1/release/publish", edit, ct);
        if ((string?)published["seen"] is { } seen) await WaitAsync(client, seen, ct);
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["number"] = (int)published["number"]!, ["hash"] = (string)published["hash"]!, ["unchanged"] = (bool)published["unchanged"]!,
                ["changes"] = published["changes"]?.DeepClone(), ["warnings"] = published["warnings"]?.DeepClone(),
            }.ToJsonString());
            return ExitCodes.Success;
        }
        foreach (var warning in published["warnings"]?.AsArray() ?? []) Console.Error.WriteLine($"warning: {warning?["text"]}");
        foreach (var change in published["changes"]?.AsArray() ?? []) Console.WriteLine((string?)change?["words"]?["en"]);
        Console.WriteLine((bool)published["unchanged"]!
            ? $"Release {published["number"]} says exactly this already; nothing was published."
            : $"Release {published["number"]} rules now, and every customer has been judged by it.");
        return ExitCodes.Success;
    }

    private static void AddTo(JsonObject edit, List<DefinitionFile> files)
    {
        var journeys = new JsonArray();
        foreach (var file in files)
        {
            switch (file.Kind)
            {
                case "definition": edit["definition"] = file.Text; break;
                case "settings": edit["settings"] = file.Text; break;
                case "journey": journeys.Add(file.Text); break;
                default: throw new CommandFailedException(
                    $"{file.Name} has none of the members definition:, journey: and settings:, so it is no part of a release.");
            }
        }
        edit["journeys"] = journeys;
    }

    private static JsonObject MapOf(IEnumerable<string> entries)
    {
        var map = new JsonObject();
        foreach (var entry in entries)
        {
            var parts = entry.Split('=');
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0) throw new UsageException($"--map takes OLD=NEW, not '{entry}'.");
            map[parts[0]] = parts[1];
        }
        return map;
    }

    private static async Task<JsonNode> AskAsync(ServerClient client, HttpMethod method, string path, JsonNode? body, CancellationToken ct)
    {
        var (status, answer) = await client.SendAsync(method, path, body, ct);
        if (status == 200) return answer;
        var texts = answer["errors"]?.AsArray().Select(error => (string?)error?["text"] ?? (string?)error?["detail"]) ?? [];
        throw new CommandFailedException(string.Join('\n', texts.Append(ServerClient.Sentence(status, answer))));
    }

    private static async Task WaitAsync(ServerClient client, string seen, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < JudgingPatience)
        {
            var progress = await AskAsync(client, HttpMethod.Get, $"/v1/progress?after={Uri.EscapeDataString(seen)}&wait={WaitSeconds}", null, ct);
            if ((bool)progress["judged"]!) return;
        }
        throw new CommandFailedException("The release is published, but half an hour later not every customer has been judged by it.");
    }
}
