using System.CommandLine;
using Lifecycle.Cli;
using Lifecycle.Cli.Commands;
using Lifecycle.Cli.Import;
using Lifecycle.EventLog;

// The command line of Lifecycle. It speaks to a running server, which it finds through server.json in the data folder.
var root = new RootCommand("Lifecycle: customers, their stages, and what moves them.");
root.Add(ImportCommand.Create());
root.Add(ValidateCommand.Create());
root.Add(PublishCommand.Create());
root.Add(VerifyCommand.Create());

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine(parsed.Errors[0].Message);
    return ExitCodes.Usage;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return ExitCodes.Usage;
}
catch (Exception failure) when (failure is CommandFailedException or ImportFailedException or LogConfigurationException or LogUnavailableException)
{
    Console.Error.WriteLine(failure.Message);
    return ExitCodes.Failure;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped before the end; the same command again goes on from there.");
    return ExitCodes.Failure;
}
