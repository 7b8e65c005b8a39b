using System.CommandLine;
using System.Text.Json;
using Lifecycle.Definitions;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Cli.Commands;

/// <summary><c>validate FILE…</c>: checks a definition with its journeys and settings here, without a server.</summary>
internal static class ValidateCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record ValidationAnswer(bool Valid, string? Hash, IReadOnlyList<SourceError> Errors, IReadOnlyList<SourceError> Warnings);

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "A definition, and its journeys and settings.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var strict = new Option<bool>("--strict") { Description = "Fail on warnings too." };
        var command = new Command("validate", "Check a definition with its journeys and settings.") { files, json, strict };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.GetValue(json), parsed.GetValue(strict)));
        return command;
    }

    private static int Run(string[] paths, bool json, bool strict)
    {
        var (text, result) = ReleaseReader.ReadFiles(ReleaseFiles.Read(paths), 1);
        var valid = result.Release is not null;
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new ValidationAnswer(valid, valid ? text!.Hash : null, result.Errors, result.Warnings), Json));
        else if (valid)
        {
            ReleaseFiles.PrintWarnings(result.Warnings);
            Console.WriteLine(Describe(result));
        }
        else ReleaseFiles.Print(result.Errors);
        return valid && !(strict && result.Warnings.Count > 0) ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string Describe(ReadResult result)
    {
        var release = result.Release!;
        var stages = release.Tracks.Sum(track => track.Stages.Length);
        return $"{release.Name} is valid: {Count(release.Metrics.Length, "metric")}, {Count(release.Tracks.Length, "track")} with "
            + $"{Count(stages, "stage")}, "
            + $"{Count(release.Journeys.Length, "journey")}.";
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
