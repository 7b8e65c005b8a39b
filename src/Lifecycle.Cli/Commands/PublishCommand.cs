using System.CommandLine;
using System.Text.Json.Nodes;
using Lifecycle.Definitions;

namespace Lifecycle.Cli.Commands;

/// <summary><c>publish FILE…</c>: makes a definition with its journeys and settings the release that rules, and waits until it has judged every customer.</summary>
internal static class PublishCommand
{
    private const int WaitSeconds = 20;
    private static readonly TimeSpan JudgingPatience = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "A definition, and its journeys and settings. What is not among them stays as it is in the present release.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var address = new ServerAddress();
        var command = new Command("publish", "Publish a definition with its journeys and settings.") { files, json };
        address.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(files)!, parsed.GetValue(json), address.Read(parsed, "admin_key"), ct));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, bool json, (Uri Url, string Key) server, CancellationToken ct)
    {
        var files = ReleaseFiles.Read(paths);
        // With a definition among them the files are a whole release and are judged here, under the names their writer knows them by.
        if (files.Exists(file => file.Kind == "definition") && ReleaseReader.ReadFiles(files, 1).Result is { Release: null } wrong)
        {
            ReleaseFiles.Print(wrong.Errors);
            return ExitCodes.Failure;
        }
        using var client = new ServerClient(server.Url, server.Key);
        await AskAsync(client, HttpMethod.Put, "/v1/release/draft", DraftOf(files), ct);
        var published = await AskAsync(client, HttpMethod.Post, "/v1/release/draft/publish", null, ct);
        if ((string?)published["seen"] is { } seen) await WaitAsync(client, seen, ct);
        Console.WriteLine(json
            ? new JsonObject { ["number"] = (int)published["number"]!, ["hash"] = (string)published["hash"]!, ["unchanged"] = (bool)published["unchanged"]! }.ToJsonString()
            : (bool)published["unchanged"]!
                ? $"Release {published["number"]} says exactly this already; nothing was published."
                : $"Release {published["number"]} rules now, and every customer has been judged by it.");
        return ExitCodes.Success;
    }

    private static JsonObject DraftOf(List<DefinitionFile> files)
    {
        var draft = new JsonObject();
        var journeys = new JsonArray();
        foreach (var file in files)
        {
            switch (file.Kind)
            {
                case "definition": draft["definition"] = file.Text; break;
                case "settings": draft["settings"] = file.Text; break;
                case "journey": journeys.Add(file.Text); break;
                default: throw new CommandFailedException($"{file.Name} has none of the members definition:, journey: and settings:, so it is no part of a release.");
            }
        }
        // A whole release without journeys has none; parts of one leave them alone.
        if (journeys.Count > 0 || draft.ContainsKey("definition")) draft["journeys"] = journeys;
        return draft;
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
