using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lifecycle.Api.Hosting;

/// <summary>A JSON file of the data folder that nobody but its owner may read.</summary>
internal static class PrivateFile
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The content; default where there is no such file, or none that can be read.</summary>
    public static T? Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Format);
        }
        catch (Exception absent) when (absent is IOException or JsonException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>Writes the file so that readers see the old one or the new one, whole.</summary>
    public static void Write<T>(string path, T content)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var owner = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) owner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, owner))
        {
            JsonSerializer.Serialize(stream, content, Format);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }
}
