using System.CommandLine;
using Lifecycle.Cli;
using Lifecycle.Cli.Import;
using Lifecycle.EventLog.Log;
using Npgsql;

// The command line of Lifecycle. It speaks to a running server, which it finds through server.json in the data folder.
var parsed = CommandLine.Parse(args);
if (CommandLine.Mistake(parsed) is { } mistake)
{
    Console.Error.WriteLine(mistake);
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
catch (Exception failure) when (failure is CommandFailedException or ImportFailedException or LogConfigurationException or LogUnavailableException
    or ArchiveUnavailableException)
{
    Console.Error.WriteLine(failure.Message);
    return ExitCodes.Failure;
}
catch (Exception away) when (away is NpgsqlException or TimeoutException)
{
    Console.Error.WriteLine($"The database does not answer as it should: {away.Message}");
    return ExitCodes.Failure;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped before the end; the same command again goes on from there.");
    return ExitCodes.Failure;
}
