using System.Diagnostics;

namespace Lifecycle.Faults.Tests;

/// <summary>A file system of its own, small enough to be filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 400;

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    public string Path => System.IO.Path.Combine(_folder, "disk");

    /// <summary>Why none can be had here; null where one can.</summary>
    public static string? Refusal()
    {
        try
        {
            Mount().Dispose();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }

    /// <exception cref="InvalidOperationException">The machine refuses; the message is what it said.</exception>
    public static SmallDisk Mount()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-disk-").FullName;
        var disk = new SmallDisk(folder);
        try
        {
            Directory.CreateDirectory(disk.Path);
            // PostgreSQL's user has to get in.
            Run("chmod", "755", folder);
            Run("truncate", "-s", $"{Megabytes}M", disk.Image);
            Run("mkfs.ext4", "-q", "-F", "-m", "0", disk.Image);
            Run("mount", "-o", "loop", disk.Image, disk.Path);
            return disk;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private string Image => System.IO.Path.Combine(_folder, "image");
    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var dd = Process.Start(new ProcessStartInfo("dd", ["if=/dev/zero", $"of={Ballast}", "bs=64k", "status=none"]) { RedirectStandardError = true })!;
        dd.WaitForExit();
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(_folder, recursive: true);
    }

    private static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) throw new InvalidOperationException($"No small disk can be made here: {program} said '{said.Trim()}'.");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"No small disk can be made here: {program}: {missing.Message}.", missing);
        }
    }
}
