using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Tests.Oracle;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>Whatever happens to the process that runs the machine, the facts are the same.</summary>
public sealed class LawDisturbanceTests(ITestOutputHelper output)
{
    /// <summary>Its enrolments wait, and end in the middle of waits.</summary>
    private const string Journey = """
        journey: comeback
        kind: win-back
        trigger: enter life_b
        exit: count(played in this journey) >= 2
        again: after 2 days
        steps:
          - send: { channel: webhook, template: miss-you }
          - wait: 20 hours
          - send: { channel: webhook, template: new-server }
          - wait: 3 days
          - end: gave-up
        """;

    [Fact]
    public void When_timers_fire_and_whether_the_process_restarts_leaves_no_trace() => Laws.Hold(output, tried =>
    {
        var run = Undisturbed(tried);
        var (dice, disturbed) = (tried.Dice, tried.Run());
        foreach (var e in tried.Events)
        {
            if (dice.OneIn(2)) disturbed.SnapshotAndRestore();
            for (var looks = dice.Below(4); looks > 0; looks--)
            {
                var to = disturbed.State.Clock + Duration.FromHours(dice.Below(100)) + Duration.FromMilliseconds(dice.Below(2));
                if (to < e.Arrives) disturbed.LiveTo(to);
                if (dice.OneIn(3)) disturbed.SnapshotAndRestore();
            }
            disturbed.Apply(e);
        }
        for (var to = disturbed.State.Clock; to < tried.End; to += Duration.FromHours(dice.Between(1, 50)))
        {
            disturbed.LiveTo(to);
            if (dice.OneIn(3)) disturbed.SnapshotAndRestore();
        }
        disturbed.LiveTo(tried.End);
        Assert.Equal(run.Facts, disturbed.Facts);
        // A look that found nothing leaves its instant as the clock, so states are compared after both have heard of something.
        var last = new ModelEvent(1000, tried.End, tried.End, "played", []);
        run.Apply(last);
        disturbed.Apply(last);
        Assert.Equal(StateCodec.Write(run.State), StateCodec.Write(disturbed.State));
    }, journeys: Journey);

    [Fact]
    public void Another_version_of_the_engine_goes_on_from_what_was_decided() => Laws.Hold(output, tried =>
    {
        var (undisturbed, run) = (Undisturbed(tried), tried.Run());
        var changed = tried.Dice.Below(tried.Events.Count);
        MachineRun? again = null;
        for (var i = 0; i < tried.Events.Count; i++)
        {
            Step(run, tried.Events[i]);
            if (again is not null) Step(again, tried.Events[i]);
            if (i != changed || !run.State.IsBorn) continue;
            run.ChangeEngine(tried.Events[i].Arrives);
            Assert.Equal(StateCodec.Write(run.State), StateCodec.Write((again = run.FromLastChange(tried.Events[i].Arrives)).State));
        }
        run.LiveCarefully(tried.End);
        again?.LiveCarefully(tried.End);
        // By the same meaning nothing but what was decided is said at the change, and all that follows is as it would have been; but a track that rests is looked at again.
        if (!undisturbed.Facts.Any(fact => fact.Fact is StageConflict))
            Assert.Equal(undisturbed.Facts.Select(fact => fact.Fact), run.Facts.Select(fact => fact.Fact).Where(fact => fact is not DecisionsKept));
        Assert.Equal(run.Facts, again?.Facts ?? run.Facts);

        static void Step(MachineRun run, ModelEvent e)
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
        }
    }, journeys: Journey);

    [Fact]
    public void A_history_that_is_imported_gives_the_facts_of_the_same_life_lived() => Laws.Hold(output, tried =>
    {
        var (dice, lived, imported) = (tried.Dice, tried.Run(), tried.Run());
        var events = tried.Events.Where(e => e.Name != ModelEvent.Cuts).ToList();
        var (told, isClosed) = (dice.Below(events.Count + 1), false);
        for (var i = 0; i < events.Count; i++)
        {
            // Once they are in the present, whether by a live event or because their history was closed, a further file brings late events.
            var e = events[i] with { Imported = events[i].Imported && (isClosed || i > told) };
            // Whoever lived it heard of it when it happened, or when they heard of what came before it.
            var at = i < told ? Instants.Later(e.Occurred, lived.State.Clock) : e.Arrives;
            lived.LiveCarefully(at);
            lived.Apply(e with { Arrives = at });
            if (dice.OneIn(3)) imported.SnapshotAndRestore();
            if (i >= told && !isClosed && dice.OneIn(2))
            {
                imported.CloseHistory(at - Duration.FromMilliseconds(dice.Below(2)));
                isClosed = true;
            }
            if (i < told) imported.Import(e);
            else imported.Apply(e);
        }
        lived.LiveCarefully(tried.End);
        if (told == events.Count) imported.CloseHistory(tried.End);
        else imported.LiveCarefully(tried.End);
        Assert.Equal(lived.Facts, imported.Facts);
    });

    [Fact]
    public void A_snapshot_read_back_is_the_state_it_was_written_from() => Laws.Hold(output, tried =>
    {
        var run = tried.Run();
        foreach (var e in tried.Events)
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
            var written = StateCodec.Write(run.State);
            var (release, restored) = (run.Release, StateCodec.Read(written, MachineRun.Customer));
            Assert.Equal(written, StateCodec.Write(restored));
            if (!run.State.IsBorn) continue;
            foreach (var metric in release.Metrics)
                Assert.Equal(metric.Term.Evaluate(release.Read(run.State, e.Arrives)), metric.Term.Evaluate(release.Read(restored, e.Arrives)));
        }
    }, journeys: Journey);

    [Fact]
    public void A_replay_under_another_culture_and_time_zone_on_another_thread_gives_the_same_facts()
    {
        var here = TimeZoneInfo.Local;
        Laws.Hold(output, tried =>
        {
            var facts = Undisturbed(tried).Facts;
            IReadOnlyList<RecordedFact> elsewhere = [];
            var thread = new Thread(() => elsewhere = Undisturbed(tried).Facts) { CurrentCulture = Strange };
            Environment.SetEnvironmentVariable("TZ", tried.Dice.Pick("Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"));
            TimeZoneInfo.ClearCachedData();
            thread.Start();
            thread.Join();
            Assert.Equal(facts, elsewhere);
        });
        Environment.SetEnvironmentVariable("TZ", null);
        TimeZoneInfo.ClearCachedData();
        Assert.Equal(here, TimeZoneInfo.Local);
    }

    /// <summary>Commas for points and points for commas, another minus, other signs between the parts of dates and times.</summary>
    private static readonly CultureInfo Strange = CreateStrange();

    private static CultureInfo CreateStrange()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "−");
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator, culture.DateTimeFormat.FirstDayOfWeek) = ("·", ";", DayOfWeek.Friday);
        return culture;
    }

    private static MachineRun Undisturbed(Case tried)
    {
        var run = tried.Run();
        foreach (var e in tried.Events)
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
        }
        run.LiveCarefully(tried.End);
        return run;
    }
}
