using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Domain;

/// <summary>The facts that follow from one cause, numbered from 0 and named so that the same inputs always give the same ids.</summary>
/// <remarks>Rules read facts as events, so each is folded into the metrics over facts as soon as it is true.</remarks>
/// <param name="input">The number of the customer's own input that is the cause; 0 where it is something else.</param>
internal sealed class FactList(CustomerState state, Release release, RecordId cause, int input, List<RecordedFact> facts)
{
    private int _ordinal;

    public void Add(Fact fact)
    {
        var ordinal = _ordinal++;
        var id = new RecordId(
            StableHash.Of("fact", state.Customer.ToString(), cause.ToString(), ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var recorded = new RecordedFact(id, state.Clock, cause, ordinal, fact);
        facts.Add(recorded);
        HistoryFold.Fold(state, release, recorded, input);
    }
}
