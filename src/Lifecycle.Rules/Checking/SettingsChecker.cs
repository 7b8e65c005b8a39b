using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Checks a tenant's settings.</summary>
internal sealed class SettingsChecker(Diagnostics diagnostics)
{
    public ImmutableArray<FrequencyCap> Check(SettingsSyntax settings)
    {
        if (settings.Caps.Count > Limits.Caps) diagnostics.Add(settings.Caps[Limits.Caps].Name, ErrorCodes.Limit, $"more than {Limits.Caps} caps");
        return [.. settings.Caps.Select(Cap).OfType<FrequencyCap>()];
    }

    public bool SealsUndeclared(SettingsSyntax settings)
    {
        if (settings.Undeclared is not { } written) return false;
        if (!Vocabulary.UndeclaredWords.Any(known => known.Word == written.Text))
            diagnostics.Add(written, ErrorCodes.Member, $"`undeclared` is `sealed` or `open`, found `{TermBinder.Shorten(written.Text)}`",
                "write `undeclared: sealed`");
        return written.Text == "sealed";
    }

    /// <summary>The tables that the settings switch on, in their order.</summary>
    public ImmutableArray<NameTable> Names(SettingsSyntax settings)
    {
        var tables = ImmutableArray.CreateBuilder<NameTable>();
        foreach (var name in settings.Names)
        {
            var known = NameTable.All.Select(table => table.Name);
            if (NameTable.Find(name.Text) is not { } table)
                diagnostics.Add(name, ErrorCodes.UnknownName,
                    $"there is no table of names `{TermBinder.Shorten(name.Text)}`; there are {string.Join(", ", known)}",
                    SpellingHint.Hint(name.Text, known));
            else if (tables.Contains(table)) diagnostics.Add(name, ErrorCodes.Duplicate, $"`{name.Text}` stands here twice");
            else tables.Add(table);
        }
        return tables.ToImmutable();
    }

    private FrequencyCap? Cap(Declared cap)
    {
        if (RuleParser.ParseCap(cap.Content, diagnostics) is not { } written) return null;
        if (written.Window.Milliseconds is { } length and > 0 and <= Limits.CapDays * Durations.Day) return new FrequencyCap(cap.Name.Text,
            (int)written.Requests, length);
        diagnostics.Add(cap.Content, ErrorCodes.Limit, $"a cap looks back over more than nothing and at most {Limits.CapDays} days");
        return null;
    }
}
