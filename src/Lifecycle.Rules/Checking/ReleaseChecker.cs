using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Personal;
using Lifecycle.Rules.Syntax;
using NodaTime;

namespace Lifecycle.Rules.Checking;

/// <summary>Sees whether a definition, its journeys and settings make sense together, and compiles them to a release.</summary>
/// <remarks>All errors that can be found are told at once.</remarks>
/// <param name="warnings">What is legal and surely not meant is added here.</param>
public sealed class ReleaseChecker(Diagnostics diagnostics, Diagnostics? warnings = null)
{
    /// <summary>What currency a definition without money has: ISO 4217's code for none.</summary>
    private const string NoCurrency = "XXX";

    /// <summary>The release; null if anything was wrong, the complaints say what.</summary>
    public Release? Check(DefinitionSyntax definition, IReadOnlyList<JourneySyntax> journeys, SettingsSyntax? settings, int number, string hash,
        IReadOnlyDictionary<string, string>? map = null)
    {
        var before = diagnostics.Count;
        var names = Declare(definition);
        if (definition.Metrics.Count > Limits.Metrics)
            diagnostics.Add(definition.Metrics[Limits.Metrics].Name, ErrorCodes.Limit, $"more than {Limits.Metrics} metrics");
        if (journeys.Count > Limits.Journeys)
            diagnostics.Add(journeys[Limits.Journeys].Name, ErrorCodes.Limit, $"more than {Limits.Journeys} journeys");
        var zone = Zone(definition);
        var currency = Currency(definition);
        var metrics = names.Metrics.BindAll();
        var tracks = new TrackChecker(names).Check(definition.Tracks);
        var checkedJourneys = new JourneyChecker(names).Check(journeys);
        var exchange = Exchange(definition, currency);
        var points = new PointsChecker(names).Check(definition.Points, definition.Refunds);
        var caps = settings is null ? [] : new SettingsChecker(diagnostics).Check(settings);
        var mappings = new MappingChecker(diagnostics).Check(map, tracks);
        var sealUndeclared = settings is not null && new SettingsChecker(diagnostics).SealsUndeclared(settings);
        var tables = settings is null ? [] : new SettingsChecker(diagnostics).Names(settings);
        var personal = new PersonalDeclarations(names.PersonalAttributes.ToFrozenDictionary(),
            names.PersonalProperties.ToFrozenDictionary(contract => contract.Key, contract => contract.Value.ToFrozenDictionary()), sealUndeclared);
        if (diagnostics.Count > before) return null;
        var release = new Release(number, hash, definition.Name.Text, zone, currency, names.Attributes,
            names.Aggregates.All, metrics, tracks, checkedJourneys, caps, points, [.. names.Cuts.Values])
        {
            Mappings = mappings,
            Exchange = exchange.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            Personal = personal,
            Contract = SenderContracts.Of(names, zone, currency == NoCurrency ? null : currency, exchange.Keys, tables) with { Personal = personal },
        };
        if (warnings is not null) new WarningChecker(warnings).Check(definition, release);
        return release;
    }

    /// <summary>Gathers the names first, so that rules may use what is declared further down.</summary>
    private ReleaseNames Declare(DefinitionSyntax definition)
    {
        var names = new ReleaseNames(diagnostics) { HasPoints = definition.Points is not null, IsComplete = diagnostics.Count == 0 };
        var declarations = new DeclarationChecker(names);
        declarations.Label(definition.Name, "a definition");
        declarations.Titles(definition.Titles);
        declarations.Attributes(definition.Attributes);
        declarations.Events(definition.Events);
        foreach (var track in definition.Tracks)
            names.Tracks.Add(new TrackNames(track.Name.Text, [.. track.Stages.Select(stage => (stage.Name.Text, stage.Group?.Text))]));
        names.Metrics = new MetricTable(names, definition.Metrics);
        declarations.Metrics(definition.Metrics);
        return names;
    }

    private Dictionary<string, decimal> Exchange(DefinitionSyntax definition, string currency)
    {
        var rates = new Dictionary<string, decimal>(StringComparer.OrdinalIgnoreCase);
        if (definition.Exchange.Count > Limits.Currencies)
            diagnostics.Add(definition.Exchange[Limits.Currencies].Name, ErrorCodes.Limit, $"more than {Limits.Currencies} currencies");
        foreach (var (name, written) in definition.Exchange)
        {
            if (name.Text.Length != 3 || !name.Text.All(char.IsAsciiLetterUpper))
                diagnostics.Add(
                    name, ErrorCodes.Member, $"`{TermBinder.Shorten(name.Text)}` is no currency; three capital letters of ISO 4217 are expected",
                    "write `{ USD: 7.20 }`");
            else if (definition.Currency is null)
                diagnostics.Add(name, ErrorCodes.Member, "`exchange` needs the `currency` into which is converted",
                    "write `currency: CNY` beside it");
            else if (name.Text == currency)
                diagnostics.Add(name, ErrorCodes.Rule, $"`{currency}` is the definition's own currency");
            else if (!decimal.TryParse(written.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
                || rate is <= 0 or > 1_000_000_000)
                diagnostics.Add(
                    written, ErrorCodes.Member, $"`{TermBinder.Shorten(written.Text)}` is no rate; what one {name.Text} is in {currency} is expected",
                    "write `{ USD: 7.20 }`");
            else rates[name.Text] = rate;
        }
        return rates;
    }

    private DateTimeZone Zone(DefinitionSyntax definition)
    {
        if (definition.Zone is not { } written) return DateTimeZone.Utc;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(written.Text) is { } zone) return zone;
        diagnostics.Add(written, ErrorCodes.UnknownName, $"the time-zone database has no `{written.Text}`",
            SpellingHint.Hint(written.Text, DateTimeZoneProviders.Tzdb.Ids) ?? "write it as `Asia/Shanghai` or `Europe/Berlin`");
        return DateTimeZone.Utc;
    }

    private string Currency(DefinitionSyntax definition)
    {
        if (definition.Currency is { } written)
        {
            if (written.Text.Length != 3 || !written.Text.All(char.IsAsciiLetterUpper))
                diagnostics.Add(written, ErrorCodes.Member, $"`{written.Text}` is no currency; three capital letters of ISO 4217 are expected",
                    "write `CNY`, `EUR` or `USD`");
            return written.Text;
        }
        var money = definition.Events.SelectMany(contract => contract.Properties).Concat(definition.Attributes).FirstOrDefault(declared =>
            DeclarationChecker.TypeName(declared.Content.Text, out _) == "money");
        if (money is not null)
            diagnostics.Add(money.Content, ErrorCodes.Member, "a definition with money needs `currency`", "write `currency: CNY` beside `zone`");
        return NoCurrency;
    }
}
