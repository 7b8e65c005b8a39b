using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.Domain.Rules.Terms;
using RuntimeKind = Lifecycle.Domain.Metrics.AggregateKind;
using WrittenKind = Lifecycle.Domain.Rules.Syntax.AggregateKind;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Binds aggregates: events, property, window and filter, each known and fitting.</summary>
internal sealed class AggregateBinder(ReleaseNames names, RuleText text, Scope scope)
{
    public Aggregate? Bind(AggregateExpression aggregate, ValueType? wanted)
    {
        var kind = KindOf(aggregate);
        var eventsKnown = CheckEvents(aggregate.Events);
        var windowKnown = TryWindow(aggregate.Window, out var window, out var canonicalWindow);
        if (!eventsKnown) return null;
        var properties = WhereScope.Of(names, aggregate.Events);
        var property = PropertyOf(aggregate, properties, wanted);
        var where = aggregate.Where is null ? null : new TermBinder(names, text, scope, properties).BindTruth(aggregate.Where, "`where`");
        if (kind is null || !windowKnown || property is null || (where is null && aggregate.Where is not null)) return null;

        var canonical = RulePrinter.Print(aggregate with { Window = canonicalWindow });
        return names.Aggregates.Share(canonical, slot => new Aggregate
        {
            Slot = slot,
            Kind = kind.Value,
            Events = [.. aggregate.Events.Names.Select(name => name.Name)],
            Property = [.. aggregate.Property],
            Window = window,
            Where = where,
            IsMoney = property.Value.IsMoney,
            PropertyType = property.Value.Type,
            Text = canonical,
        });
    }

    private RuntimeKind? KindOf(AggregateExpression aggregate)
    {
        RuntimeKind? kind = aggregate.Kind switch
        {
            WrittenKind.Count => RuntimeKind.Count,
            WrittenKind.Sum => RuntimeKind.Sum,
            WrittenKind.Days => RuntimeKind.Days,
            WrittenKind.First => RuntimeKind.First,
            WrittenKind.Last => RuntimeKind.Last,
            WrittenKind.Latest => RuntimeKind.Latest,
            _ => null,
        };
        var name = Words.Of(aggregate.Kind);
        if (kind is null) Complain(new Span(aggregate.Span.Start, name.Length), ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(name));
        return kind;
    }

    private bool CheckEvents(EventChoice events)
    {
        var allKnown = true;
        foreach (var named in events.Names)
        {
            if (names.Contracts.ContainsKey(named.Name) || Vocabulary.CanonicalEvents.Contains(named.Name)) continue;
            allKnown = false;
            if (Vocabulary.FactsNotYet.Contains(named.Name))
                Complain(named.Span, ErrorCodes.NotKnownYet, $"reading the fact `{named.Name}` as an event is not known to this version");
            else
                Complain(named.Span, ErrorCodes.UnknownName, $"there is no event `{TermBinder.Shorten(named.Name)}`", HintForEvent(named.Name));
        }
        return allKnown;
    }

    private string HintForEvent(string name)
    {
        IEnumerable<string> known = [.. names.Contracts.Keys, .. Vocabulary.CanonicalEvents];
        if (names.Metrics.Has(name)) return $"`{name}` is a metric, and stands without an aggregate";
        return Nearest.Hint(EventNaming.ToSnakeCase(name), known) ?? $"declare it under `events`: `{EventNaming.ToSnakeCase(name)}: {{}}`";
    }

    private PropertyType? PropertyOf(AggregateExpression aggregate, WhereScope properties, ValueType? wanted)
    {
        var takesProperty = aggregate.Kind is WrittenKind.Sum or WrittenKind.Latest or WrittenKind.Avg or WrittenKind.Min
            or WrittenKind.Max or WrittenKind.Distinct or WrittenKind.All;
        var (name, path) = (Words.Of(aggregate.Kind), aggregate.Property);
        if (!takesProperty && path.Count > 0)
            return Complain(aggregate.Span, ErrorCodes.Syntax, $"`{name}` is about events, not about a property of theirs",
                $"write `{name}(event)`, or `sum(event.property)`");
        if (!takesProperty) return new PropertyType(ValueType.Number, false);
        if (path.Count == 0)
            return Complain(aggregate.Span, ErrorCodes.Syntax, $"`{name}` needs a property of the event",
                $"write it after a point: `{name}(order_completed.revenue)`");
        var declared = properties.TypeOf(path);
        if (declared is null && properties.IsComplete && (path.Count == 1 || properties.TypeOf([path[0]]) is null))
            return Complain(aggregate.Span, ErrorCodes.UnknownName, $"`{path[0]}` is no declared property of the event",
                Nearest.Hint(path[0], properties.Declared) ?? "declare it under `events`");
        if (properties.Disagrees(path))
            return Complain(aggregate.Span, ErrorCodes.Type, $"`{path[0]}` is declared with different types by these events",
                "name the events in aggregates of their own");
        if (aggregate.Kind == WrittenKind.Sum && declared is { Type: not ValueType.Number } other)
            return Complain(aggregate.Span, ErrorCodes.Type, $"`sum` adds up numbers, and `{path[0]}` is declared as {Vocabulary.Name(other.Type)}",
                "declare it as number or money");
        var type = declared ?? new PropertyType(aggregate.Kind == WrittenKind.Sum ? ValueType.Number : wanted ?? ValueType.Text, false);
        if (type.Type is ValueType.Time or ValueType.Date or ValueType.Duration)
            return Complain(aggregate.Span, ErrorCodes.NotKnownYet,
                $"`{name}` of a property that is {Vocabulary.Name(type.Type)} is not known to this version");
        return type;
    }

    /// <summary>The window, and how it is written in its one canonical way, so that `1 week` and `7 days` are the same.</summary>
    private bool TryWindow(WindowSyntax? written, out Window window, out WindowSyntax? canonical)
    {
        (window, canonical) = (Window.Always, null);
        switch (written)
        {
            case null:
                return true;
            case SlidingWindow sliding when Length(sliding.Length, false) is { } length:
                (window, canonical) = (new Window(length, 0), new SlidingWindow(Canonical(length)));
                return true;
            case PastWindow past when Length(past.From, false) is { } from && Length(past.To, true) is { } to:
                if (from <= to)
                {
                    Complain(past.Span, ErrorCodes.Rule, "this window is empty: it begins further back than it ends",
                        $"write `{RulePrinter.Print(new PastWindow(past.To, past.From))}`");
                    return false;
                }
                (window, canonical) = (new Window(from, to), new PastWindow(Canonical(from), Canonical(to)));
                return true;
            case SlidingWindow or PastWindow:
                return false;
            default:
                var name = RulePrinter.Print(written);
                Complain(written.Span, ErrorCodes.NotKnownYet, $"the window {Vocabulary.NotKnownYet(name)}", "write `in 30 days`");
                return false;
        }
    }

    private long? Length(DurationLiteral duration, bool mayBeZero)
    {
        if (new TermBinder(names, text, scope).Milliseconds(duration) is not { } length) return null;
        if (length > 0 || mayBeZero) return length;
        Complain(duration.Span, ErrorCodes.Rule, "a window of no length holds no events");
        return null;
    }

    /// <summary>In the largest unit up to a day that fits exactly.</summary>
    private static DurationLiteral Canonical(long milliseconds) => milliseconds switch
    {
        _ when milliseconds % Durations.Day == 0 => new DurationLiteral(milliseconds / Durations.Day, TimeUnit.Day),
        _ when milliseconds % Durations.Hour == 0 => new DurationLiteral(milliseconds / Durations.Hour, TimeUnit.Hour),
        _ when milliseconds % Durations.Minute == 0 => new DurationLiteral(milliseconds / Durations.Minute, TimeUnit.Minute),
        _ => new DurationLiteral(milliseconds / 1000m, TimeUnit.Second),
    };

    private PropertyType? Complain(Span span, string code, string message, string? hint = null)
    {
        names.Complaints.Add(text, span, code, message, hint);
        return null;
    }
}
