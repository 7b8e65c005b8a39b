using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lifecycle.Definitions;

/// <summary>What is published, as it was written: YAML texts of a definition, its journeys and the tenant's settings.</summary>
public sealed record ReleaseText(string Definition, IReadOnlyList<string> Journeys, string? Settings)
{
    private static readonly JsonSerializerOptions Writing = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>Where customers go whose stage this release no longer has: <c>OLD</c> or <c>TRACK.OLD</c>, and the stage they take.</summary>
    public ImmutableSortedDictionary<string, string> Map { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The journeys of earlier releases that may still have people inside and that ask what this release does not; found when it is
    /// published.</summary>
    public ImmutableArray<EarlierJourney> Earlier { get; init; } = [];

    /// <summary>SHA-256 over <see cref="ToJson"/>, 64 lower-case hexadecimal digits. The order of the journeys makes no difference.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())));

    /// <summary>The texts alone, without what was said for one publication.</summary>
    public ReleaseText Texts => new(Definition, Journeys, Settings);

    /// <summary><c>{"definition":…,"journeys":[…],"settings":…,"map":{…},"earlier":[{"release":1,"journey":…}]}</c> with the journeys in a fixed
    /// order, and without a map or earlier journeys where there are none.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Content(Definition, [.. Journeys.Order(StringComparer.Ordinal)], Settings, Map.IsEmpty ? null : Map, Earlier.IsEmpty ? null : Earlier),
        Writing);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ReleaseText FromJson(string json)
    {
        var content = JsonSerializer.Deserialize<Content>(json, Writing) ?? throw new JsonException("A release was expected, found null.");
        var text = new ReleaseText(content.Definition, content.Journeys, content.Settings);
        return text with { Map = content.Map is { } map ? text.Map.AddRange(map) : text.Map, Earlier = content.Earlier is { } earlier ? [.. earlier]
            : [] };
    }

    public bool Equals(ReleaseText? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    private sealed record Content(string Definition, string[] Journeys, string? Settings,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Map,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EarlierJourney>? Earlier);
}

/// <summary>A journey as one release has it.</summary>
public sealed record EarlierJourney(int Release, string Journey);
