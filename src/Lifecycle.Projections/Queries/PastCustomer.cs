using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Log;

namespace Lifecycle.Projections.Queries;

/// <summary>A customer put together from the log as they were at an instant, for reading and not for living on.</summary>
internal sealed class PastCustomer
{
    private readonly Release _release;
    private readonly SortedSet<string> _benefits = new(StringComparer.Ordinal);
    private readonly Dictionary<RecordId, int> _numbers = [];

    /// <param name="standings">Where they stood, for metrics that read a stage or count since it began.</param>
    public PastCustomer(CustomerKey customer, Release release, IReadOnlyList<TrackState> standings)
    {
        _release = release;
        State = new CustomerState(customer) { History = HistoryFold.Empty(release), Release = release.Number };
        State.Decisions.Tracks.AddRange(standings);
    }

    public CustomerState State { get; }

    /// <summary>Those granted and not revoked.</summary>
    public IReadOnlyCollection<string> Benefits => _benefits;

    /// <summary>Gives a state what shard inputs say of all customers, in the order of the log.</summary>
    public static void TakeCuts(CustomerState state, Release release, IEnumerable<ShardInput> inputs)
    {
        foreach (var input in inputs)
            state.Decisions.Take(input switch
            {
                CutPointsComputed computed => computed.Points,
                ReleaseActivated activated => activated.Cuts,
                _ => [],
            }, release);
    }

    /// <summary>Takes an input or a fact, in the order of the log.</summary>
    public void Take(LogRow row)
    {
        State.Clock = Instants.Later(State.Clock, row.Clock);
        if (row.Kind == EventKind.Input) Take(EventCodec.ToRecorded(row));
        if (row.Kind == EventKind.Fact) Take(EventCodec.ToRecordedFact(row));
    }

    private void Take(Recorded recorded)
    {
        HistoryFold.Fold(State, _release, recorded);
        if (HistoryFold.IsOwn(recorded.Input)) _numbers[recorded.Id] = State.Inputs;
    }

    private void Take(RecordedFact recorded)
    {
        HistoryFold.Fold(State, _release, recorded, _numbers.GetValueOrDefault(recorded.Cause));
        switch (recorded.Fact)
        {
            case StageChanged moved:
                Place(moved, recorded);
                break;
            case PointsEarned earned:
                SetBalance(earned.Balance);
                break;
            case PointsExpired expired:
                SetBalance(expired.Balance);
                break;
            case BenefitGranted granted:
                _benefits.Add(granted.Benefit);
                break;
            case BenefitRevoked revoked:
                _benefits.Remove(revoked.Benefit);
                break;
        }
    }

    /// <summary>Puts the stay behind the input that brought them in. What time does at an instant comes before every input of it.</summary>
    private void Place(StageChanged moved, RecordedFact recorded)
    {
        var tracks = State.Decisions.Tracks;
        var index = tracks.FindIndex(state => state.Track == moved.Track && state.Stage == moved.To && state.Since == recorded.Clock);
        if (index < 0) return;
        var isByTime = moved is { Cause: MoveCause.Time, CauseEvent: null };
        tracks[index] = new TrackState(moved.Track, moved.To, recorded.Clock, isByTime ? 0
            : _numbers.GetValueOrDefault(recorded.Cause, State.Inputs));
    }

    private void SetBalance(decimal balance)
    {
        var points = State.Decisions.Points;
        var missing = balance - points.Balance;
        if (missing > 0) points.Earn(missing, Instants.NeverMilliseconds);
        else points.TakeBack(-missing);
    }
}
