namespace Lifecycle.Testing;

/// <summary>A folder of a test's own, removed with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lifecycle-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
