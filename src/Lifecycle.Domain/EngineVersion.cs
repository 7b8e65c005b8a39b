using NodaTime.TimeZones;

namespace Lifecycle.Domain;

/// <summary>What gives rules their meaning beside their text: the number of the engine's semantics, and the time-zone database.</summary>
/// <param name="Semantics">Grows when a change to the engine gives the same definitions another meaning.</param>
/// <param name="Zones">As IANA names it: <c>2025b</c>.</param>
public sealed record EngineVersion(int Semantics, string Zones)
{
    /// <summary>This program's.</summary>
    public static readonly EngineVersion Present = new(1, TzdbDateTimeZoneSource.Default.TzdbVersion);

    /// <summary>Why a program of this version may not process what another version has processed, in a sentence; null where it may.</summary>
    public string? RefusalOf(EngineVersion processed)
    {
        if (Semantics < processed.Semantics)
            return $"This log is processed by semantics {processed.Semantics}; this program knows {Semantics}. Use the newer program.";
        if (string.CompareOrdinal(Zones, processed.Zones) < 0)
            return $"This log is processed with the time zones of {processed.Zones}; this program knows those of {Zones}. Use the newer program.";
        return null;
    }
}
