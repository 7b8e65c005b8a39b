using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Domain.Evaluation;

/// <summary>All conditions of a release's tracks, and which of them depend on what.</summary>
internal sealed class ConditionTable
{
    private readonly int[][] _bySlot;
    private readonly int[][] _byTrack;

    public ConditionTable(ImmutableArray<Track> tracks, int slots)
    {
        var all = ImmutableArray.CreateBuilder<Condition>();
        var indices = new Dictionary<Term, int>(ReferenceEqualityComparer.Instance);
        foreach (var term in tracks.SelectMany(track => track.Stages).SelectMany(stage => new[] { stage.When, stage.Keep }).OfType<Term>())
            if (indices.TryAdd(term, all.Count)) all.Add(Condition.Of(all.Count, term));
        All = all.ToImmutable();
        Plans = [.. tracks.Select(track => new TrackPlan(track, term => indices[term]))];
        _bySlot = [.. Enumerable.Range(0, slots).Select(slot => Where(condition => condition.Slots.Contains(slot)))];
        _byTrack = [.. tracks.Select(track => Where(condition => condition.Tracks.Contains(track.Name)))];
        ByAttributes = Where(condition => condition.ReadsAttributes);
        ByAge = Where(condition => condition.ReadsAge);
        ByPoints = Where(condition => condition.ReadsPoints);
        ByCuts = Where(condition => condition.ReadsCuts);
    }

    public ImmutableArray<Condition> All { get; }

    /// <summary>One for each track of the release, in its order.</summary>
    public ImmutableArray<TrackPlan> Plans { get; }
    public int[] ByAttributes { get; }
    public int[] ByAge { get; }
    public int[] ByPoints { get; }
    public int[] ByCuts { get; }

    /// <summary>Those that read an aggregate.</summary>
    public int[] BySlot(int slot) => _bySlot[slot];

    /// <summary>Those that read the stage of a track, by its place in the release, or look back to when it was entered.</summary>
    public int[] ByTrack(int track) => _byTrack[track];

    private int[] Where(Func<Condition, bool> reads) => [.. All.Where(reads).Select(condition => condition.Index)];
}
