using System.Diagnostics;
using System.Globalization;

namespace Lifecycle.Benchmarks;

/// <summary>CPU time spent since it was made, by this process and by a PostgreSQL with all its backends.</summary>
internal sealed class CpuMeter(int? postmaster)
{
    private const double TicksPerSecond = 100;
    private readonly TimeSpan _client = Process.GetCurrentProcess().TotalProcessorTime;
    private readonly double _server = Server(postmaster);

    public double ClientSeconds => (Process.GetCurrentProcess().TotalProcessorTime - _client).TotalSeconds;

    public double ServerSeconds => Server(postmaster) - _server;

    /// <summary>The postmaster, its living children, and those it has buried.</summary>
    private static double Server(int? postmaster)
    {
        if (postmaster is not { } id) return 0;
        double ticks = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var process)) continue;
            if (Read(process) is not { } stat) continue;
            if (process == id) ticks += Number(stat, 11) + Number(stat, 12) + Number(stat, 13) + Number(stat, 14);
            else if ((int)Number(stat, 1) == id) ticks += Number(stat, 11) + Number(stat, 12);
        }
        return ticks / TicksPerSecond;
    }

    /// <summary>The fields after the name, which is in brackets and may hold blanks.</summary>
    private static string[]? Read(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // It has ended meanwhile.
        }
    }

    private static double Number(string[] stat, int index) => double.Parse(stat[index], CultureInfo.InvariantCulture);
}
