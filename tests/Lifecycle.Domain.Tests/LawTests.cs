using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Tests.Oracle;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>The laws of the machine, on random definitions and histories, against an oracle that shares no code with it.</summary>
/// <remarks>Every case is one seed; a failure names it. <c>LIFECYCLE_CASES</c> sets how many are run, <c>LIFECYCLE_SEED</c> where they begin.</remarks>
public sealed class LawTests(ITestOutputHelper output)
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_CASES") ?? "10000", CultureInfo.InvariantCulture);
    private static readonly int FirstSeed = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_SEED") ?? "1", CultureInfo.InvariantCulture);
    private static readonly Instant End = RandomModel.Start + Duration.FromHours(RandomModel.Hours);

    [Fact]
    public void Every_move_is_the_one_that_brute_force_finds_at_the_same_millisecond() => ForEveryCase((random, model, run) =>
    {
        var events = random.Events();
        var expected = new BruteForce(model, DateTimeZoneProviders.Tzdb[model.Zone]).Run(events, RandomModel.Start, RandomModel.Hours);
        foreach (var e in events) run.Apply(e);
        run.LiveTo(End);
        Assert.Equal(expected, run.Moves);
    });

    [Fact]
    public void When_timers_fire_and_whether_the_process_restarts_leaves_no_trace() => ForEveryCase((random, _, run) =>
    {
        var events = random.Events();
        foreach (var e in events) run.Apply(e);
        run.LiveTo(End);

        var disturbed = MachineRun.Of(run.Release);
        foreach (var e in events)
        {
            if (random.Next(2) == 0) disturbed.SnapshotAndRestore();
            for (var looks = random.Next(4); looks > 0; looks--)
            {
                var to = disturbed.State.Clock + Duration.FromHours(random.Next(100));
                if (to < e.Arrives) disturbed.LiveTo(to);
            }
            disturbed.Apply(e);
        }
        for (var to = disturbed.State.Clock; to < End; to += Duration.FromHours(1 + random.Next(50))) disturbed.LiveTo(to);
        disturbed.LiveTo(End);
        Assert.Equal(run.Facts, disturbed.Facts);
        Assert.Equal(StateCodec.Write(run.State), StateCodec.Write(disturbed.State));
    });

    [Fact]
    public void Metrics_equal_brute_force_at_every_instant_in_any_order_of_arrival() => ForEveryCase((random, model, run) =>
    {
        var zone = DateTimeZoneProviders.Tzdb[model.Zone];
        var events = random.Events();
        var known = new List<ModelEvent>();
        var last = events[^1].Arrives;
        foreach (var e in events.OrderBy(_ => random.Next(1000)).Select(e => e with { Arrives = last, Amount = e.Amount ?? 1 }))
        {
            run.Apply(e);
            known.Add(e);
            var now = last + Duration.FromHours(random.Next(100));
            foreach (var (named, metric) in model.Metrics.Zip(run.Release.Metrics))
            {
                var value = metric.Term.Evaluate(run.Release.Read(run.State, now));
                Assert.Equal(BruteForce.Measure(named.Metric, known, now, zone), value.IsMissing ? null : value.Magnitude);
            }
        }
    });

    [Fact]
    public void Nothing_changes_before_the_next_review() => ForEveryCase((random, _, run) =>
    {
        foreach (var e in random.Events())
        {
            run.Apply(e);
            var due = run.Machine.NextReview(run.State);
            var truths = Truths(run, run.State.Clock);
            for (var probe = 0; probe < 5; probe++)
            {
                var at = run.State.Clock + Duration.FromHours(random.Next(300)) + Duration.FromMilliseconds(random.Next(3));
                if (at < due) Assert.Equal(truths, Truths(run, at));
            }
            if (due < Instants.Never) Assert.Equal(truths, Truths(run, due - Duration.FromMilliseconds(1)));
        }
    });

    [Fact]
    public void An_unchanged_reading_never_moves_a_customer_twice() => ForEveryCase((random, _, run) =>
    {
        var events = random.Events();
        foreach (var e in events)
        {
            run.Apply(e);
            var moves = run.Moves.Count();
            var next = run.Machine.NextReview(run.State);
            for (var look = 0; look < 5; look++) run.LiveTo(Instants.Earlier(next - Duration.FromMilliseconds(1), End));
            Assert.Equal(moves, run.Moves.Count());
        }
        var perInstant = run.Moves.GroupBy(move => (move.Clock, move.Track, move.To));
        Assert.All(perInstant, entries => Assert.True(entries.Count() <= 1 + events.Count(e => e.Arrives == entries.Key.Clock)));
    });

    private void ForEveryCase(Action<RandomModel, Model, MachineRun> law)
    {
        var refused = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Cases; seed++)
        {
            var random = new RandomModel(seed);
            var model = random.Model();
            if (MachineRun.Of(ModelText.Write(model)) is not { } run)
            {
                refused++;
                continue;
            }
            try
            {
                law(random, model, run);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed} breaks the law.\n{ModelText.Write(model)}", failure);
            }
        }
        output.WriteLine($"{Cases} cases from seed {FirstSeed}; {refused} definitions refused by the checker.");
        Assert.True(refused < Cases / 2, $"The checker refused {refused} of {Cases} random definitions.");
    }

    /// <summary>Every condition of the release that a next review has to watch for this customer, as it stands at an instant.</summary>
    private static string Truths(MachineRun run, Instant at)
    {
        var reading = run.Release.Read(run.State, at);
        var truths = new List<bool>();
        foreach (var track in run.Release.Tracks)
        {
            if (run.State.Standing.In(track.Name) is not { Conflicted: false } standing) continue;
            var present = track.Find(standing.Stage)!;
            var watched = track.Stages.Where(stage => stage.When is not null && (stage.MayFollow(present) || stage.Confirm > 0)).ToList();
            truths.AddRange(watched.Select(stage => stage.When!.Holds(reading)));
            if (watched.Any(stage => stage.MayFollow(present) && !stage.IsAfter(present))) truths.Add(present.Keeping?.Holds(reading) ?? true);
        }
        return string.Concat(truths.Select(truth => truth ? '1' : '0'));
    }
}
