using Lifecycle.Domain.Events;
using Lifecycle.Domain.Tests.Oracle;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>What the engine decides and measures, against an oracle that shares no code with it.</summary>
public sealed class LawTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_move_benefit_and_point_is_the_one_that_brute_force_finds_at_the_same_millisecond() => Laws.Hold(output, tried =>
    {
        var (life, run) = (new BruteForce(tried.Model), tried.Run());
        foreach (var e in tried.Events)
        {
            life.Take(e);
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
            if (!run.State.IsBorn) continue;
            foreach (var (named, metric) in tried.Model.Metrics.Zip(tried.Release.Metrics))
                Assert.Equal($"{named.Name} = {life.Reckon(named.Meaning)}", $"{metric.Name} = {Saying.Of(metric.Term.Evaluate(run.Release.Read(run.State, e.Arrives)))}");
        }
        life.LiveTo(tried.End.ToUnixTimeMilliseconds());
        run.LiveCarefully(tried.End);
        var actual = Saying.Of(run.Facts);
        if (!actual.SequenceEqual(life.Facts)) Assert.Equal(LookingCloser(tried), actual);
    });

    [Fact]
    public void Metrics_equal_brute_force_at_every_instant_in_any_order_of_arrival() => Laws.Hold(output, tried =>
    {
        var (dice, life, run) = (tried.Dice, new BruteForce(tried.Model with { Tracks = [], Points = null }), tried.Run());
        var clock = tried.Model.Start;
        foreach (var e in tried.Events.OrderBy(_ => dice.Below(1000)))
        {
            // It arrives some time after it happened and after the one before it; that may be long after.
            clock = Instants.Later(clock, e.Occurred) + Duration.FromHours(dice.OneIn(3) ? dice.Below(72) : 0);
            var arriving = e with { Arrives = clock };
            life.Take(arriving);
            run.LiveCarefully(clock);
            run.Apply(arriving);
            if (!run.State.IsBorn) continue;
            for (var look = 0; look < 3; look++)
            {
                var at = clock + Duration.FromHours(dice.Below(100)) + Duration.FromMilliseconds(dice.Between(-1, 2));
                if (at >= clock) CompareHistories(tried, life, run, at);
            }
        }
    });

    /// <summary>Compares the metrics that hang on nothing but what the customer did.</summary>
    private static void CompareHistories(Case tried, BruteForce life, MachineRun run, Instant at)
    {
        var reading = run.Release.Read(run.State, at);
        foreach (var (named, metric) in tried.Model.Metrics.Zip(tried.Release.Metrics))
        {
            if (Model.Within(named.Meaning).Any(HangsOnDecisions)) continue;
            Assert.Equal($"{at} {named.Name} = {life.Reckon(named.Meaning, at)}", $"{at} {metric.Name} = {Saying.Of(metric.Term.Evaluate(reading))}");
        }
    }

    private static bool HangsOnDecisions(Phrase phrase) => phrase is StageIs or Expiring or BuiltIn { Word: "points" or "points.next_expiry" or "time_in_stage" }
        or Aggregated { Aggregate: { IsOverFacts: true } or { Window.Form: "stage" } };

    /// <summary>What brute force finds when it looks every minute: something may have flipped twice within an hour.</summary>
    private static IReadOnlyList<ModelFact> LookingCloser(Case tried)
    {
        var life = new BruteForce(tried.Model, 60);
        foreach (var e in tried.Events) life.Take(e);
        life.LiveTo(tried.End.ToUnixTimeMilliseconds());
        return life.Facts;
    }
}
