using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Outlook;
using Lifecycle.Domain.States;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>What an outlook says comes true, whatever the rules and whatever has happened.</summary>
public sealed class OutlookLawTests(ITestOutputHelper output)
{
    private const int EventsMax = 8;

    [Fact]
    public void The_moves_foreseen_are_those_that_come_and_looking_leaves_no_trace() => Laws.Hold(output, tried =>
    {
        var run = AfterItsEvents(tried);
        var before = StateCodec.Write(run.State);
        var outlook = Look(tried, run);
        Assert.Equal(before, StateCodec.Write(run.State));

        var past = run.Facts.Count;
        run.LiveCarefully(outlook.Until);
        var lived = run.Facts.Skip(past).Where(fact => fact.Fact is StageChanged && fact.Clock > outlook.Clock)
            .Select(fact => new ComingMove(fact.Clock, (StageChanged)fact.Fact));
        Assert.Equal(lived.Take(StageOutlook.MovesMax), outlook.Moves);
    }, eventsMax: EventsMax, oneIn: 10);

    [Fact]
    public void A_stage_whose_threshold_holds_misses_nothing_and_any_other_misses_what_does_not_hold() => Laws.Hold(output, tried =>
    {
        var (_, outlook, reading) = Present(tried);
        foreach (var stage in outlook.Tracks.SelectMany(track => track.Reachable))
        {
            Assert.Equal(stage.Stage.When!.Holds(reading), stage.Holds);
            Assert.Equal(stage.Holds, stage.Missing.IsEmpty);
            Assert.All(stage.Missing.SelectMany(WithParts), shortfall => Assert.False(shortfall.Failing.Value.IsTrue));
        }
    }, eventsMax: EventsMax, oneIn: 10);

    [Fact]
    public void What_time_alone_brings_comes_at_its_instant_and_not_before()
    {
        var compared = 0;
        Laws.Hold(output, tried =>
        {
            var (dice, (_, outlook, reading)) = (tried.Dice, Present(tried));
            foreach (var (shortfall, condition) in Conditions(outlook))
            {
                Interlocked.Increment(ref compared);
                var end = shortfall.At ?? Instants.Never;
                if (shortfall.At is { } at)
                {
                    Assert.True(condition.Holds(reading.At(at)), shortfall.Text);
                    Assert.False(condition.Holds(reading.At(at - Duration.FromMilliseconds(1))), shortfall.Text);
                }
                for (var probe = 0; probe < 4; probe++)
                {
                    var then = outlook.Clock + Duration.FromHours(dice.Below(1000)) + Duration.FromMilliseconds(dice.Below(3));
                    if (then < end) Assert.False(condition.Holds(reading.At(then)), shortfall.Text);
                }
            }
        }, eventsMax: EventsMax, oneIn: 10);
        output.WriteLine($"{compared} conditions compared.");
        Assert.NotEqual(0, compared);
    }

    [Fact]
    public void As_many_further_events_as_a_count_is_short_make_it_hold_and_one_fewer_do_not()
    {
        var compared = 0;
        Laws.Hold(output, tried =>
        {
            var (run, outlook, _) = Present(tried);
            foreach (var (shortfall, condition) in Conditions(outlook))
            {
                if (CountedBy(condition) is not { } aggregate) continue;
                Interlocked.Increment(ref compared);
                var state = StateCodec.Read(StateCodec.Write(run.State), MachineRun.Customer);
                for (var further = 1; further <= (int)shortfall.Distance.Magnitude; further++)
                {
                    Assert.False(condition.Holds(run.Release.Read(state, outlook.Clock)), shortfall.Text);
                    var id = new RecordId(new Guid(1000 + further, 0, 0, new byte[8]));
                    run.Machine.Apply(state, new Recorded(1000 + further, outlook.Clock, outlook.Clock, outlook.Clock, id, false, 0,
                        new Touchpoint(aggregate.Events.FirstOrDefault("anything"), Properties.None)), []);
                }
                Assert.True(condition.Holds(run.Release.Read(state, outlook.Clock)), shortfall.Text);
            }
        }, eventsMax: EventsMax, oneIn: 10);
        output.WriteLine($"{compared} counts compared.");
    }

    /// <summary>What a plain <c>count(…) &gt;= 3</c> counts, where events of now count and nothing is asked of them; null for all else.</summary>
    private static Aggregate? CountedBy(Term condition) =>
        condition is CompareTerm { Comparison: Comparison.Greater or Comparison.GreaterOrEqual, Parts: [var counted, ConstantTerm] }
            && counted.AsAggregate is { Kind: AggregateKind.Count, OverFacts: false, Where: null } aggregate
            && aggregate.Window is { EndsNow: true, Kind: not WindowKind.Stage }
            ? aggregate
            : null;

    /// <summary>The customer at the present instant, with the outlook from there.</summary>
    private static (MachineRun Run, StageOutlook Outlook, Reading Reading) Present(Case tried)
    {
        var run = AfterItsEvents(tried);
        var outlook = Look(tried, run);
        run.LiveCarefully(outlook.Clock);
        return (run, outlook, run.Release.Read(run.State, outlook.Clock));
    }

    private static MachineRun AfterItsEvents(Case tried)
    {
        var run = tried.Run();
        foreach (var e in tried.Events)
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
        }
        return run;
    }

    /// <summary>Some hours after the last event.</summary>
    private static StageOutlook Look(Case tried, MachineRun run) =>
        StageOutlook.Of(run.Machine, run.State, run.Release, run.State.Clock + Duration.FromHours(tried.Dice.Below(100)));

    /// <summary>What is missing, with the condition itself, where the text says which one it is.</summary>
    private static IEnumerable<(Shortfall Shortfall, Term Condition)> Conditions(StageOutlook outlook)
    {
        foreach (var stage in outlook.Tracks.SelectMany(track => track.Reachable))
        {
            var parts = stage.Stage.When!.WithParts().Distinct().ToLookup(term => term.Text);
            foreach (var shortfall in stage.Missing.SelectMany(WithParts))
            {
                if (parts[shortfall.Text].ToList() is [var condition]) yield return (shortfall, condition);
                else if (parts[Within(shortfall.Text)].ToList() is [var stopping]) yield return (shortfall, new NotTerm(stopping, shortfall.Text));
            }
        }
    }

    /// <summary>What stands below a <c>not</c>.</summary>
    private static string Within(string text) =>
        text.StartsWith("not (", StringComparison.Ordinal) ? text[5..^1] : text.StartsWith("not ", StringComparison.Ordinal) ? text[4..] : "";

    private static IEnumerable<Shortfall> WithParts(Shortfall shortfall) =>
        shortfall.Any.Concat(shortfall.All).SelectMany(WithParts).Prepend(shortfall);
}
