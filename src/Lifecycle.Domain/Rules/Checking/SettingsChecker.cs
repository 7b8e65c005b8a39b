using System.Collections.Immutable;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Checks a tenant's settings.</summary>
internal sealed class SettingsChecker(Complaints complaints)
{
    /// <summary>A tenant has so many caps at most, and none looks back further than this.</summary>
    private const int CapsMax = 50;
    private const long WindowMax = 400 * Durations.Day;

    public ImmutableArray<FrequencyCap> Check(SettingsSyntax settings)
    {
        if (settings.Caps.Count > CapsMax) complaints.Add(settings.Caps[CapsMax].Name, ErrorCodes.Limit, $"more than {CapsMax} caps");
        return [.. settings.Caps.Select(Cap).OfType<FrequencyCap>()];
    }

    private FrequencyCap? Cap(Declared cap)
    {
        if (RuleParser.ParseCap(cap.Content, complaints) is not var (count, window)) return null;
        if (window.Milliseconds is { } length and > 0 and <= WindowMax) return new FrequencyCap(cap.Name.Text, (int)count, length);
        complaints.Add(cap.Content, ErrorCodes.Limit, "a cap looks back over more than nothing and at most 400 days");
        return null;
    }
}
