using System.CommandLine;
using Lifecycle.Definitions.Schema;

namespace Lifecycle.Cli.Commands;

/// <summary><c>schema</c>: prints the JSON Schema by which editors know what a file may hold.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of definitions, journeys and settings, for editors.");
        command.SetAction(_ =>
        {
            Console.Out.Write(DefinitionSchema.Json);
            return ExitCodes.Success;
        });
        return command;
    }
}
