namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Benefits by brute force: held while a present stage confers them, and after it was left for that stage's grace.</summary>
public sealed class Privileges(Model model, BruteForce life)
{
    /// <summary>By name of the benefit; until when it lasts, <see cref="long.MaxValue"/> while a stage confers it.</summary>
    private readonly SortedDictionary<string, long> _held = new(StringComparer.Ordinal);

    /// <summary>In which stages the customer was when they last settled.</summary>
    private readonly Dictionary<string, ModelStage> _before = [];

    /// <summary>Until when the stages that were left confer each benefit still.</summary>
    private readonly Dictionary<string, long> _graces = [];

    public void Settle()
    {
        foreach (var track in model.Tracks)
        {
            if (life.In(track) is not { } place) continue;
            if (_before.TryGetValue(track.Name, out var left) && left != place.Stage)
                foreach (var benefit in left.Benefits)
                    _graces[benefit] = Math.Max(_graces.GetValueOrDefault(benefit, long.MinValue), life.Now + left.Grace * BruteForce.Hour);
            _before[track.Name] = place.Stage;
        }
        foreach (var benefit in model.Tracks.SelectMany(track => life.In(track)?.Stage.Benefits ?? []).Distinct().Order(StringComparer.Ordinal))
        {
            if (_held.ContainsKey(benefit)) continue;
            _held[benefit] = long.MaxValue;
            var by = model.Tracks.First(track => life.In(track)?.Stage.Benefits.Contains(benefit) == true);
            var stage = life.In(by)!.Value.Stage.Name;
            life.Decide("benefit_granted", $"{benefit} {by.Name} {stage}", ("benefit", benefit), ("track", by.Name), ("stage", stage));
        }
        foreach (var benefit in _held.Keys.ToList())
        {
            var isConferred = model.Tracks.Any(track => life.In(track) is { } place && place.Stage.Benefits.Contains(benefit));
            _held[benefit] = isConferred ? long.MaxValue : _graces[benefit];
            if (_held[benefit] > life.Now) continue;
            _held.Remove(benefit);
            life.Decide("benefit_revoked", benefit, ("benefit", benefit));
        }
    }

    public void Ends(long now, List<bool> truths)
    {
        foreach (var until in _held.Values) truths.Add(now >= until);
    }
}
