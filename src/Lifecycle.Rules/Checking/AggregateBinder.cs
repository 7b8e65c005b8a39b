using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Binds aggregates: events, property, window and filter, each known and fitting.</summary>
internal sealed class AggregateBinder(TermBinder binder)
{
    private readonly ReleaseNames _names = binder.Names;
    private readonly EventNames _events = new(binder.Names);

    public AggregateTerm? Bind(AggregateExpression aggregate, RuleType? wanted)
    {
        aggregate = aggregate with { Events = _events.AsTheyComeIn(aggregate.Events) };
        var overFacts = CheckEvents(aggregate.Events);
        var (window, canonicalWindow) = new WindowBinder(binder).Bind(aggregate.Window);
        if (overFacts is null) return null;
        var properties = WhereScope.Of(_names, aggregate.Events);
        var property = new AggregatedProperty(binder).TypeOf(aggregate, properties, wanted);
        var where = aggregate.Where is null ? null : binder.InFilter(properties).BindTruth(aggregate.Where, "`where`");
        if (window is null || property is null || (where is null && aggregate.Where is not null)) return null;

        return new AggregateTerm(_names.Aggregates.Share(slot => new Aggregate
        {
            Slot = slot,
            Kind = aggregate.Kind,
            Events = [.. aggregate.Events.Names.Select(name => name.Name)],
            OverFacts = overFacts.Value,
            Property = [.. aggregate.Property],
            Window = window,
            Where = where,
            IsMoney = property.Value.IsMoney,
            PropertyType = property.Value.Type,
            Text = RulePrinter.Print(aggregate with { Window = canonicalWindow }),
        }));
    }

    /// <summary><c>typical_gap(event)</c>, written like a function and reckoned like an aggregate.</summary>
    public AggregateTerm? BindTypicalGap(CallExpression call, string written)
    {
        var name = call.Arguments switch
        {
            [PathExpression { Names: { Count: 1 } names } path] => new NamedEvent(names[0]) { Span = path.Span },
            [TextLiteral text] => new NamedEvent(text.Text) { Span = text.Span },
            _ => null,
        };
        if (name is null)
        {
            binder.Complain(call.Span, ErrorCodes.Syntax, "`typical_gap` takes the name of one event and nothing else",
                "write `typical_gap(order_completed)`");
            return null;
        }
        if (CheckEvents(new EventChoice([name])) is not { } overFacts) return null;
        return new AggregateTerm(_names.Aggregates.Share(slot => new Aggregate
        {
            Slot = slot,
            Kind = AggregateKind.TypicalGap,
            Events = [name.Name],
            OverFacts = overFacts,
            Text = written,
        }));
    }

    /// <summary>Whether the events are facts; null after a complaint.</summary>
    private bool? CheckEvents(EventChoice events)
    {
        var allKnown = true;
        foreach (var named in events.Names.Where(named => !_events.IsKnown(named.Name)))
        {
            allKnown = false;
            var code = Vocabulary.FactsNotYet.Contains(named.Name) ? ErrorCodes.NotKnownYet : ErrorCodes.UnknownName;
            binder.Complain(named.Span, code, EventNames.Unknown(named.Name), _events.Hint(named.Name));
        }
        if (!allKnown) return null;
        var (fact, touchpoint) = (events.Names.FirstOrDefault(name => EventNames.IsFact(name.Name)),
            events.Names.FirstOrDefault(name => !EventNames.IsFact(name.Name)));
        if (fact is null || touchpoint is null) return fact is not null;
        binder.Complain(fact.Span.Start > touchpoint.Span.Start ? fact.Span : touchpoint.Span, ErrorCodes.Rule,
            $"`{fact.Name}` is a fact that the engine states and `{touchpoint.Name}` an event that is sent; "
            + "one aggregate is over the one kind or the other",
            "write two aggregates and add them up");
        return null;
    }
}
