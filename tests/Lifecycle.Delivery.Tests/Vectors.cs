using System.Text.Json;

namespace Lifecycle.Delivery.Tests;

/// <summary>Known answers made by others; Vectors/README.md says by whom.</summary>
internal static class Vectors
{
    public static JsonElement Read(string name)
    {
        using var stream = typeof(Vectors).Assembly.GetManifestResourceStream($"Vectors/{name}.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
