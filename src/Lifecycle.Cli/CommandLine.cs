using System.CommandLine;
using System.CommandLine.Help;
using Lifecycle.Cli.Commands;

namespace Lifecycle.Cli;

/// <summary>All commands under the one name by which people call them.</summary>
internal static class CommandLine
{
    public static ParseResult Parse(IReadOnlyList<string> arguments)
    {
        // A RootCommand would be called what its file is called, which is not what people type.
        var root = new Command("lifecycle", "Lifecycle: customers, their stages, and what moves them.")
        {
            ImportCommand.Create(), ValidateCommand.Create(), FormatCommand.Create(), SchemaCommand.Create(), PublishCommand.Create(),
                VerifyCommand.Create(), RebuildCommand.Create(),
            ArchiveCommand.Create(),
            new HelpOption(), new VersionOption(),
        };
        return root.Parse(arguments);
    }

    /// <summary>What is wrong with a command line, in a sentence; null where nothing is.</summary>
    public static string? Mistake(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var root = parsed.RootCommandResult.Command;
        if (parsed.CommandResult.Command != root) return parsed.Errors[0].Message;
        var commands = string.Join(", ", root.Subcommands.Select(command => command.Name));
        return parsed.UnmatchedTokens switch
        {
            [] => $"Say what to do: {commands}. {root.Name} --help tells more.",
            [['-', ..] option, ..] => $"There is no option '{option}' before a command.",
            [var unknown, ..] => $"There is no command '{unknown}'; there are {commands}.",
        };
    }
}
