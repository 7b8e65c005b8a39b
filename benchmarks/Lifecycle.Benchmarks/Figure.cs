using System.Text.Json.Serialization;

namespace Lifecycle.Benchmarks;

/// <summary>One measured figure beside the limit measured in the same run.</summary>
/// <param name="Ratio">Value through limit.</param>
/// <param name="ClientUs">Microseconds of CPU that our process spent per event.</param>
/// <param name="ServerUs">Microseconds of CPU that PostgreSQL spent per event.</param>
public sealed record Figure(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("limit")] double Limit,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("client_us")] double ClientUs,
    [property: JsonPropertyName("server_us")] double ServerUs)
{
    /// <summary>Bytes that a customer's state takes where it is stored: of half of the customers at most so many.</summary>
    [JsonPropertyName("state_bytes_median"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StateBytesMedian { get; init; }

    /// <summary>Of 99 of a hundred customers at most so many.</summary>
    [JsonPropertyName("state_bytes_p99"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StateBytesP99 { get; init; }

    public static Figure Of(string name, string unit, double value, double limit, double clientUs, double serverUs) =>
        new(name, Math.Round(value), unit, Math.Round(limit), Math.Round(value / limit, 3), Math.Round(clientUs, 2), Math.Round(serverUs, 2));
}

[JsonSerializable(typeof(Figure))]
internal sealed partial class FigureContext : JsonSerializerContext;
