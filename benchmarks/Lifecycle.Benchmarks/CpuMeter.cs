using System.Diagnostics;
using System.Globalization;

namespace Lifecycle.Benchmarks;

/// <summary>CPU time spent since it was made: by this process, and by others with their children, such as a PostgreSQL with its backends.</summary>
internal sealed class CpuMeter(params int[] servers)
{
    private const double TicksPerSecond = 100;
    private readonly TimeSpan _client = Process.GetCurrentProcess().TotalProcessorTime;
    private readonly double _server = Spent(servers);

    public double ClientSeconds => (Process.GetCurrentProcess().TotalProcessorTime - _client).TotalSeconds;

    public double ServerSeconds => Spent(servers) - _server;

    /// <summary>The bytes of memory that a process has in use.</summary>
    public static long ResidentBytes(int process) =>
        long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    /// <summary>Each process, its living children, and those it has buried.</summary>
    private static double Spent(int[] processes)
    {
        double ticks = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var process) || Read(process) is not { } stat) continue;
            if (processes.Contains(process)) ticks += Number(stat, 11) + Number(stat, 12) + Number(stat, 13) + Number(stat, 14);
            else if (processes.Contains((int)Number(stat, 1))) ticks += Number(stat, 11) + Number(stat, 12);
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
