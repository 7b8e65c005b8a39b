using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Lifecycle.Testing;

/// <summary>A process of this test's own, ended with it.</summary>
public sealed class Child : IDisposable
{
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _lines = [];

    private Child(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>Everything it has printed, errors too.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public IReadOnlyList<string> Lines
    {
        get { lock (_output) return [.. _lines]; }
    }

    public static Child Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var child = new Child(new Process { StartInfo = start });
        child.Process.OutputDataReceived += (_, line) => child.Take(line.Data, isOutput: true);
        child.Process.ErrorDataReceived += (_, line) => child.Take(line.Data, isOutput: false);
        child.Process.Start();
        child.Process.BeginOutputReadLine();
        child.Process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for the first line it prints.</summary>
    public Task<string> FirstLineAsync() => _firstLine.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromMinutes(3));
        try
        {
            await Process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Process.StartInfo.FileName} did not end in time.\n{Output}");
        }
        return Process.ExitCode;
    }

    /// <summary>Power off: SIGKILL, nothing is said goodbye to.</summary>
    public void Kill()
    {
        Process.Kill();
        Process.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>SIGSTOP: it does nothing more, and its connections stay open.</summary>
    public void Suspend() => Signal("STOP");

    /// <summary>SIGCONT: it goes on where it was.</summary>
    public void Resume() => Signal("CONT");

    public void Dispose()
    {
        if (!Process.HasExited) Kill();
        Process.Dispose();
    }

    private void Signal(string name)
    {
        using var sent = Process.Start("kill", ["-" + name, Process.Id.ToString(CultureInfo.InvariantCulture)]);
        sent.WaitForExit();
    }

    private void Take(string? line, bool isOutput)
    {
        if (line is null) return;
        lock (_output)
        {
            _output.AppendLine(line);
            if (isOutput) _lines.Add(line);
        }
        if (isOutput) _firstLine.TrySetResult(line);
    }
}
