using System.Runtime.InteropServices;
using Lifecycle.Api.Hosting;

// The server of Lifecycle: `--port 5080 --data .lifecycle --demo game|retail|none`.
var stopped = new TaskCompletionSource();
var interrupted = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    if (args.Contains("--help") || args.Contains("-h"))
    {
        Console.Out.WriteLine(ServerOptions.Usage);
        return 0;
    }
    var options = ServerOptions.Read(args, Environment.GetEnvironmentVariable);
    await using var server = await LifecycleServer.StartAsync(options, interrupted.Token);
    Welcome.Print(server, Console.Out);
    await stopped.Task;
    return 0;
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 0;
}

void Stop(PosixSignalContext signal)
{
    // We end in our own time: the process must not before what is under way has.
    signal.Cancel = true;
    stopped.TrySetResult();
    interrupted.Cancel();
}
