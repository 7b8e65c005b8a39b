using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Definitions;

/// <summary>What is published, as it was written: YAML texts of a definition, its journeys and the tenant's settings.</summary>
public sealed record ReleaseText(string Definition, IReadOnlyList<string> Journeys, string? Settings)
{
    private static readonly JsonSerializerOptions Writing = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>SHA-256 over <see cref="ToJson"/>, 64 lower-case hexadecimal digits. The order of the journeys makes no difference.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary><c>{"definition":…,"journeys":[…],"settings":…}</c> with the journeys in a fixed order.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Content(Definition, [.. Journeys.Order(StringComparer.Ordinal)], Settings), Writing);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ReleaseText FromJson(string json)
    {
        var content = JsonSerializer.Deserialize<Content>(json, Writing) ?? throw new JsonException("A release was expected, found null.");
        return new ReleaseText(content.Definition, content.Journeys, content.Settings);
    }

    public bool Equals(ReleaseText? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    private sealed record Content(string Definition, string[] Journeys, string? Settings);
}
