using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Tests.Oracle;
using Lifecycle.Domain.Values;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>What is sealed is read like anything else and told by nobody; a life that was ended leaves nothing.</summary>
public sealed class LawPersonalTests(ITestOutputHelper output)
{
    [Fact]
    public void What_is_sealed_is_read_like_what_is_open_and_no_fact_says_it() => Laws.Hold(output, tried =>
    {
        var (open, closed) = (tried.Run(), tried.Run());
        closed.Write = e => Parted(e, new Dice(tried.Seed ^ e.Number));
        foreach (var run in (MachineRun[])[open, closed])
        {
            foreach (var e in tried.Events)
            {
                run.LiveCarefully(e.Arrives);
                if (new Dice(tried.Seed + e.Number).OneIn(4)) run.SnapshotAndRestore();
                run.Apply(e);
            }
            run.LiveCarefully(tried.End);
        }
        Assert.Equal(open.Facts, open.Facts.Zip(closed.Facts, (said, hidden) => hidden with { Fact = Opened(hidden.Fact, said.Fact) }));
        Assert.Equal(open.Facts.Count, closed.Facts.Count);
        Assert.DoesNotContain(open.Facts, fact => fact.Fact is StageChanged { Because: { } because } && Nodes(because).Any(node => node.Value.Type == RuleType.Sealed));
        Assert.False(open.State.History.HoldsPersonal());
    });

    [Fact]
    public void All_of_it_sealed_no_explanation_tells_a_property_or_an_attribute() => Laws.Hold(output, tried =>
    {
        var run = tried.Run();
        run.Write = e => new Properties("{}"u8.ToArray(), Json.Write(e.Properties));
        foreach (var e in tried.Events)
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
            run.SnapshotAndRestore();
        }
        run.LiveCarefully(tried.End);
        foreach (var node in run.Facts.Select(fact => fact.Fact).OfType<StageChanged>().Where(change => change.Because is not null).SelectMany(change => Nodes(change.Because!)))
        {
            var tells = node.Kind == ExplanationKind.Path && node.Text.StartsWith("customer.", StringComparison.Ordinal)
                || node.Kind == ExplanationKind.Aggregate && Told.Any(kind => node.Text.StartsWith(kind, StringComparison.Ordinal)) && Sent.Any(sent => node.Text.Contains(sent, StringComparison.Ordinal));
            if (tells && !node.Events.IsEmpty) Assert.True(node.Value.Type is RuleType.Sealed, $"{node.Text} is told: {node.Value}");
        }
    });

    [Fact]
    public void A_life_that_was_ended_says_nothing_more_and_leaves_nothing() => Laws.Hold(output, tried =>
    {
        var (run, last) = (tried.Run(), tried.Dice.Below(tried.Events.Count + 1));
        foreach (var e in tried.Events.Take(last))
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
        }
        run.Erase(run.State.Clock);
        var (facts, state) = (run.Facts.ToList(), StateCodec.Write(run.State));
        foreach (var e in tried.Events.Skip(last))
        {
            run.LiveTo(e.Arrives);
            run.SnapshotAndRestore();
            run.Apply(e);
        }
        run.ActivateAgain(tried.End);
        run.LiveTo(tried.End);
        Assert.Equal(facts, run.Facts);
        Assert.Equal(Instants.Never, run.Machine.NextReview(run.State));
        Assert.True(run.State is { IsErased: true, IsBorn: false } && run.State.History.Series.Length == 0 && run.State.Decisions.Tracks.Count == 0);
        Assert.True(state.Length < 64);
    });

    private static readonly string[] Told = ["min(", "max(", "latest(", "all("];

    /// <summary>Properties of what customers do, and not of facts.</summary>
    private static readonly string[] Sent = ["order_completed.", "order_refunded.", "played."];

    /// <summary>Each property in one of the two parts.</summary>
    private static Properties Parted(ModelEvent e, Dice dice)
    {
        var members = e.Properties.ToLookup(_ => dice.OneIn(2));
        return new Properties(Json.Write([.. members[false]]), Json.Write([.. members[true]]));
    }

    /// <summary>A fact with what another says where this one says that it is sealed.</summary>
    private static Fact Opened(Fact hidden, Fact said) =>
        hidden is StageChanged { Because: { } because } change && said is StageChanged { Because: { } open } ? change with { Because = Opened(because, open) } : hidden;

    private static Explanation Opened(Explanation hidden, Explanation said) => hidden with
    {
        Value = hidden.Value.Type == RuleType.Sealed && hidden.Kind is not (ExplanationKind.And or ExplanationKind.Or or ExplanationKind.Not or ExplanationKind.Compare or ExplanationKind.In) ? said.Value : hidden.Value,
        Parts = [.. hidden.Parts.Select((part, place) => place < said.Parts.Length ? Opened(part, said.Parts[place]) : part)],
    };

    private static IEnumerable<Explanation> Nodes(Explanation node) => node.Parts.SelectMany(Nodes).Prepend(node);
}
