using System.Runtime.CompilerServices;

namespace Lifecycle.Testing;

/// <summary>Compares text with a file that someone has read and approved, named as Verify names it: <c>NAME.verified.EXTENSION</c>.</summary>
public static class Approved
{
    /// <summary>Passes when the file beside the calling test, in its folder Golden, holds exactly this text up to a final line break.</summary>
    /// <exception cref="NotApprovedException">It does not; what was received lies beside it as <c>NAME.received.EXTENSION</c>. To approve, rename that.</exception>
    public static void Matches(string text, string name, string extension = "json", [CallerFilePath] string caller = "")
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(caller)!, "Golden")).FullName;
        var (verified, received) = (Path.Combine(folder, $"{name}.verified.{extension}"), Path.Combine(folder, $"{name}.received.{extension}"));
        if (File.Exists(verified) && File.ReadAllText(verified).TrimEnd('\n') == text.TrimEnd('\n'))
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, text.TrimEnd('\n') + "\n");
        throw new NotApprovedException($"{received} differs from {Path.GetFileName(verified)}.");
    }
}

/// <summary>A text is not the approved one.</summary>
public sealed class NotApprovedException(string message) : Exception(message);
