namespace Lifecycle.EndToEnd.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lifecycle-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
