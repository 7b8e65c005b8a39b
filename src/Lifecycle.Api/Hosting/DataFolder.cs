namespace Lifecycle.Api.Hosting;

/// <summary>A server's folder, held by one server at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Takes the folder, making it where there is none. The operating system gives it back however this process ends.</summary>
    /// <exception cref="StartRefusedException">Another server has it, or it cannot be written to.</exception>
    public static DataFolder Take(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(path);
            var held = new FileStream(System.IO.Path.Combine(path, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new StartRefusedException($"The data folder {path} cannot be written to; choose another with --data.", refused);
        }
        catch (IOException taken) when (Directory.Exists(path))
        {
            throw new StartRefusedException(
                $"Another server is running on the data folder {path}; stop it first or choose another folder with --data.", taken);
        }
        catch (IOException refused)
        {
            throw new StartRefusedException($"The data folder {path} cannot be made: {refused.Message}", refused);
        }
    }

    public void Dispose() => _lock.Dispose();
}
