using System.IO.Compression;
using System.Text;

namespace Lifecycle.Cli.Tests.Import;

/// <summary>A file with some text in it, gone afterwards.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text, string extension = ".csv") : this(Encoding.UTF8.GetBytes(text), extension)
    {
    }

    public TemporaryFile(byte[] bytes, string extension = ".csv")
    {
        Name = Path.Combine(Path.GetTempPath(), "lifecycle-import-" + Guid.NewGuid().ToString("n") + extension);
        using Stream file = File.Create(Name);
        using var stream = extension.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Compress) : file;
        stream.Write(bytes);
    }

    public string Name { get; }

    public void Dispose() => File.Delete(Name);
}
