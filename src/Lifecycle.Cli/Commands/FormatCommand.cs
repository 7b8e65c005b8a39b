using System.CommandLine;
using Lifecycle.Definitions;

namespace Lifecycle.Cli.Commands;

/// <summary><c>format FILE</c>: prints a file in its canonical writing. The file itself, with its comments, stays as it is.</summary>
internal static class FormatCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A definition, a journey or settings." };
        var check = new Option<bool>("--check")
        {
            Description = "Print nothing; end with 1 if the file is not in canonical form. Comments and empty lines are passed over.",
        };
        var command = new Command("format", "Print a definition, a journey or settings in canonical form. Comments are not kept.") { file, check };
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(check)));
        return command;
    }

    private static int Run(string path, bool check)
    {
        var result = Formatter.Format(ReleaseFiles.Read([path])[0]);
        if (result.Text is null) ReleaseFiles.Print(result.Errors);
        else if (!check) Console.Out.Write(result.Text);
        else if (!result.IsCanonical) Console.Error.WriteLine($"{path} is not in canonical form.");
        return result.Text is not null && (!check || result.IsCanonical) ? ExitCodes.Success : ExitCodes.Failure;
    }
}
