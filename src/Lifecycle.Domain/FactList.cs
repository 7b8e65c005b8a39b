using Lifecycle.Domain.Events;

namespace Lifecycle.Domain;

/// <summary>The facts that follow from one cause, numbered from 0 and named so that the same inputs always give the same ids.</summary>
internal sealed class FactList(CustomerState state, EventId cause, List<RecordedFact> facts)
{
    private int _ordinal;

    public void Add(Fact fact)
    {
        var ordinal = _ordinal++;
        var id = new EventId(StableHash.Of("fact", state.Customer.ToString(), cause.ToString(), ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        facts.Add(new RecordedFact(id, state.Clock, cause, ordinal, fact));
    }
}
