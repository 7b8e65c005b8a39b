using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>A life by brute force: looks at the customer at every hour, a millisecond before it, and wherever in between a comparison has flipped, and
/// reckons everything from the list of events each time.</summary>
/// <remarks>
/// Shares no code with the engine. Events and durations of a model are whole hours, so nearly all conditions flip on an hour, or a millisecond after it
/// (strict comparisons). What flips within an hour is found by halving it: there every comparison flips at most once, since values that move with time
/// rise or fall throughout.
/// </remarks>
public sealed class BruteForce : IWhereabouts
{
    public const long Hour = 3_600_000;

    /// <summary>Rules that move a customer to and fro every millisecond are no life that anybody wants to look at.</summary>
    public const int FactsMax = 400;
    private const int RoundsMax = 8;
    private readonly Model _model;
    private readonly DateTimeZone _zone;
    private readonly Reckoner _reckoner;
    private readonly Account _account;
    private readonly Privileges _privileges;
    private readonly Dictionary<string, Place> _places = [];
    private readonly List<ModelFact> _facts = [];
    private readonly long _step;
    private readonly HashSet<long> _offsets = [0];
    private readonly (Phrase Condition, ModelTrack Track)[] _conditions;
    private string _cause = "";

    /// <summary>As how many-th the event was heard from which all now follows; 0 while time does.</summary>
    private int _input;

    /// <param name="looksPerHour">How closely it looks, where twice within an hour might matter.</param>
    public BruteForce(Model model, int? looksPerHour = null)
    {
        (_model, _zone, _step) = (model, DateTimeZoneProviders.Tzdb[model.Zone], Hour / (looksPerHour ?? model.LooksPerHour));
        _conditions = [.. model.Conditions];
        _reckoner = new Reckoner(model, null, this, _zone);
        _account = new Account(model, _reckoner, this, _zone);
        _privileges = new Privileges(model, this);
        Now = model.Start.ToUnixTimeMilliseconds();
    }

    private sealed class Place(ModelStage stage, long since, int input)
    {
        public ModelStage Stage = stage;
        public long Since = since;

        /// <summary>How many things had been heard of the customer when they came here.</summary>
        public int Input = input;
        public readonly Dictionary<string, long> Held = [];
        public readonly HashSet<string> EnteredNow = [stage.Name];

        /// <summary>A move was refused in this settling.</summary>
        public bool RefusedNow;

        /// <summary>What was watched where the settling ended in which a move was refused; null while the track is judged.</summary>
        public List<bool>? Resting;
    }

    public long Now { get; private set; }
    public IReadOnlyList<ModelFact> Facts => _facts;
    public decimal Points => _account.Balance;
    public long? NextExpiry(long now) => _account.NextExpiry(now);
    public decimal Expiring(long now, long within) => _account.Expiring(now, within);

    public (ModelStage Stage, long Since, int Input)? In(ModelTrack track) =>
        _places.TryGetValue(track.Name, out var place) ? (place.Stage, place.Since, place.Input) : null;

    /// <summary>A phrase as a metric would be read at the present look.</summary>
    public Measured Reckon(Phrase phrase) => _reckoner.Reckon(phrase, new Look(Now, _model.Tracks.Count > 0 ? _model.Tracks[0] : null, null, null));

    /// <summary>The same at a later instant, had nothing happened until then.</summary>
    public Measured Reckon(Phrase phrase, Instant at) => _reckoner.Reckon(phrase, new Look(at.ToUnixTimeMilliseconds(), null, null, null));

    /// <summary>Takes an event at its arrival, after living up to there.</summary>
    public void Take(ModelEvent e)
    {
        LiveTo(e.Arrives.ToUnixTimeMilliseconds());
        if (e.Name == ModelEvent.Cuts)
        {
            TakeCuts(e);
            return;
        }
        _reckoner.Memory.Take(e, _reckoner);
        _reckoner.Forget();
        (_cause, _input) = ("event", _reckoner.Memory.Heard);
        _account.Earn(e);
        _account.Expire();
        Settle();
    }

    private void TakeCuts(ModelEvent cuts)
    {
        _reckoner.Memory.TakeCuts(cuts);
        _reckoner.Forget();
        if (_reckoner.Memory.IsEmpty) return;
        (_cause, _input) = ("time", 0);
        Settle();
    }

    /// <summary>Lets time pass, up to and including an instant.</summary>
    public void LiveTo(long to)
    {
        var signature = _reckoner.Memory.IsEmpty ? null : Signature(Now);
        while (Now < to && signature is not null)
        {
            var edge = EdgeAfter(Now);
            for (var end = Math.Min(edge - 1, to); Now < end && FirstDifference(Now, end, signature) is { } flip;) signature = LookAt(flip, signature);
            if (edge <= to) signature = LookAt(edge, signature);
            else Now = to;
        }
        Now = Math.Max(Now, to);
    }

    /// <summary>Writes down what was decided; for those who ask it is an event like others.</summary>
    public void Decide(string name, string said, params (string Name, object? Value)[] properties)
    {
        if (_facts.Count == FactsMax) throw new RestlessException();
        _facts.Add(new ModelFact(Instant.FromUnixTimeMilliseconds(Now), $"{name} {said}".TrimEnd()));
        _offsets.Add(((Now % _step) + _step) % _step);
        var now = Instant.FromUnixTimeMilliseconds(Now);
        _reckoner.Memory.TakeFact(new ModelEvent(_facts.Count, now, now, name, properties), _input, _reckoner);
        _reckoner.Forget();
    }

    /// <summary>The first instant in (<paramref name="from"/>, <paramref name="to"/>] at which, if nothing happens, a watched condition flips or a hold, stay,
    /// grace or lot of points ends; null if there is none.</summary>
    public long? FirstThingDue(long from, long to)
    {
        var (at, signature, watched) = (from, Signature(from), Watched(from));
        while (at < to)
        {
            var edge = EdgeAfter(at);
            var next = FirstDifference(at, Math.Min(edge - 1, to), signature) ?? Math.Min(edge, to);
            (at, signature) = (next, Signature(next));
            if (!Watched(at).SequenceEqual(watched)) return at;
        }
        return null;
    }

    /// <summary>The next instant at which something may be so for that millisecond alone: on a whole step, or whole steps after a fact.</summary>
    private long EdgeAfter(long at) => _offsets.Min(offset => at - (((at - offset) % _step) + _step) % _step + _step);

    /// <summary>One look: judges only if something is otherwise than at the look before.</summary>
    private bool[] LookAt(long instant, bool[] before)
    {
        Now = instant;
        var signature = Signature(instant);
        if (signature.AsSpan().SequenceEqual(before)) return before;
        (_cause, _input) = ("time", 0);
        _account.Expire();
        Settle();
        return Signature(instant);
    }

    private long? FirstDifference(long from, long to, bool[] signature)
    {
        if (to <= from || Signature(to).AsSpan().SequenceEqual(signature)) return null;
        while (to - from > 1)
        {
            var middle = from + (to - from) / 2;
            if (Signature(middle).AsSpan().SequenceEqual(signature)) from = middle;
            else to = middle;
        }
        return to;
    }

    /// <summary>The truth of every comparison of every condition, and of every hold, stay, grace and lot whether it is over.</summary>
    private bool[] Signature(long now)
    {
        var truths = new List<bool>(32);
        foreach (var (condition, track) in _conditions) _reckoner.Signature(condition, new Look(now, track, null, null), truths);
        foreach (var track in _model.Tracks) Ends(track, now, truths, false);
        _account.Ends(now, truths);
        _privileges.Ends(now, truths);
        return [.. truths];
    }

    /// <summary>The truth of every condition that may matter to the customer where they are, and whether holds, stays and the like are over.</summary>
    private List<bool> Watched(long now)
    {
        var truths = new List<bool>();
        foreach (var track in _model.Tracks)
        {
            if (!_places.TryGetValue(track.Name, out var place) || Rests(track)) continue;
            truths.AddRange(WatchedFrom(track, place, now));
            if (place.Resting is null) Ends(track, now, truths, true);
        }
        _account.Ends(now, truths);
        _privileges.Ends(now, truths);
        return truths;
    }

    /// <summary>The truth of every condition of a track that may move the customer from where they are or begin or end a hold.</summary>
    private List<bool> WatchedFrom(ModelTrack track, Place place, long now)
    {
        var (look, truths, mayReturn) = (new Look(now, track, null, null), new List<bool>(), false);
        foreach (var stage in track.Stages)
        {
            var isReachable = MayFollow(stage, place.Stage);
            if (stage.When is not { } when) continue;
            mayReturn |= isReachable && !IsAfter(track, stage, place.Stage);
            if (isReachable || stage.Confirm > 0) truths.Add(_reckoner.Reckon(when, look).IsTrue);
        }
        if (mayReturn && Keeping(place.Stage) is { } keeping) truths.Add(_reckoner.Reckon(keeping, look).IsTrue);
        return truths;
    }

    private void Ends(ModelTrack track, long now, List<bool> truths, bool reachableOnly)
    {
        if (!_places.TryGetValue(track.Name, out var place)) return;
        truths.Add(now >= place.Since + place.Stage.MinimumStay * Hour);
        foreach (var stage in track.Stages)
            if (!reachableOnly || MayFollow(stage, place.Stage))
                truths.Add(place.Held.TryGetValue(stage.Name, out var held) && now >= held + stage.Confirm * Hour);
    }

    /// <summary>Tracks in order until they rest, then benefits; again while what was decided may have changed what the rules read.</summary>
    private void Settle()
    {
        foreach (var place in _places.Values)
        {
            place.EnteredNow.Clear();
            place.RefusedNow = false;
        }
        var before = -1;
        for (var round = 0; round < RoundsMax && before != _facts.Count; round++)
        {
            before = _facts.Count;
            foreach (var track in _model.Tracks) Settle(track);
            foreach (var track in _model.Tracks) Hold(track);
            if (before == _facts.Count || round == RoundsMax - 1) _privileges.Settle();
        }
        while (before != _facts.Count)
        {
            // Eight rounds are enough for everybody: who would still move stays and rests.
            before = _facts.Count;
            foreach (var track in _model.Tracks) RefuseFurther(track);
        }
        foreach (var track in _model.Tracks)
        {
            var place = _places[track.Name];
            if (!place.RefusedNow) continue;
            Hold(track);
            place.Resting = WatchedFrom(track, place, Now);
        }
    }

    private void Settle(ModelTrack track)
    {
        if (!_places.TryGetValue(track.Name, out var place))
        {
            place = _places[track.Name] = new Place(track.Stages[0], Now, _reckoner.Memory.Heard);
            Decide("stage_changed", $"{track.Name} - {place.Stage.Name} {_cause}", ("track", track.Name), ("to", place.Stage.Name), ("cause", _cause));
        }
        while (!Rests(track) && !IsAtRest(track, place))
        {
            Hold(track);
            if (Winner(track, place) is not { } winner) return;
            if (!place.EnteredNow.Add(winner.Name))
            {
                Refuse(track, place, winner);
                return;
            }
            var from = place.Stage.Name;
            (place.Stage, place.Since, place.Input) = (winner, Now, _reckoner.Memory.Heard);
            Decide("stage_changed", $"{track.Name} {from} {winner.Name} {_cause}",
                ("track", track.Name), ("from", from), ("to", winner.Name), ("cause", _cause));
        }
    }

    private void RefuseFurther(ModelTrack track)
    {
        var place = _places[track.Name];
        if (IsAtRest(track, place)) return;
        Hold(track);
        if (Winner(track, place) is { } winner) Refuse(track, place, winner);
    }

    private void Refuse(ModelTrack track, Place place, ModelStage winner)
    {
        place.RefusedNow = true;
        Decide("stage_conflict", $"{track.Name} {winner.Name}", ("track", track.Name), ("stage", winner.Name));
    }

    /// <summary>Who came to rest in an earlier settling rests until something they watch is otherwise than it was when that ended.</summary>
    private bool IsAtRest(ModelTrack track, Place place)
    {
        if (place.RefusedNow) return true;
        if (place.Resting is { } noted && !noted.SequenceEqual(WatchedFrom(track, place, Now))) place.Resting = null;
        return place.Resting is not null;
    }

    /// <summary>The last listed of those that may claim the customer; nobody before the stay is over.</summary>
    private ModelStage? Winner(ModelTrack track, Place place)
    {
        if (Now < place.Since + place.Stage.MinimumStay * Hour) return null;
        var look = new Look(Now, track, null, null);
        var kept = Keeping(place.Stage) is not { } keeping || _reckoner.Reckon(keeping, look).IsTrue;
        ModelStage? winner = null;
        foreach (var stage in track.Stages)
        {
            if (stage.When is null || !MayFollow(stage, place.Stage) || (kept && !IsAfter(track, stage, place.Stage))) continue;
            var qualifies = stage.Confirm == 0
                ? _reckoner.Reckon(stage.When, look).IsTrue
                : place.Held.TryGetValue(stage.Name, out var since) && since + stage.Confirm * Hour <= Now;
            if (qualifies) winner = stage;
        }
        return winner;
    }

    /// <summary>A track that compares all customers waits until they are counted.</summary>
    private bool Rests(ModelTrack track) => !_reckoner.Memory.IsCounted && track.Stages.SelectMany(stage => new[] { stage.When, stage.Keep })
        .OfType<Phrase>().SelectMany(Model.Within).Any(phrase => phrase is Top or Quantile);

    private void Hold(ModelTrack track)
    {
        var place = _places[track.Name];
        if (Rests(track)) return;
        foreach (var stage in track.Stages)
        {
            if (stage.Confirm == 0 || stage.When is null) continue;
            if (_reckoner.Reckon(stage.When, new Look(Now, track, null, null)).IsTrue) place.Held.TryAdd(stage.Name, Now);
            else place.Held.Remove(stage.Name);
        }
    }

    private static Phrase? Keeping(ModelStage stage) => stage.Keep ?? stage.When;

    private static bool MayFollow(ModelStage stage, ModelStage present) => stage.Name != present.Name
        && (stage.From is not { } from || from.Contains(present.Name) || (present.Group is { } group && from.Contains(group)));

    private static bool IsAfter(ModelTrack track, ModelStage stage, ModelStage present)
    {
        var names = track.Stages.Select(each => each.Name).ToList();
        return names.IndexOf(stage.Name) > names.IndexOf(present.Name);
    }
}

/// <summary>A model whose customers move so often that the case is passed over.</summary>
public sealed class RestlessException : Exception;
