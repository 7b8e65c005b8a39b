using Lifecycle.Domain.Events;

namespace Lifecycle.Domain;

/// <summary>What one customer's input has to say to another customer's machine. It leaves as a fact, is carried over, and arrives there as an
/// input.</summary>
internal static class CrossCustomerInputs
{
    public static void Take(Recorded recorded, FactList facts)
    {
        if (recorded.Input is not IdentityLinked linked) return;
        var hops = recorded.Hops + 1;
        if (hops >= CustomerMachine.HopsMax) facts.Add(new CarryRefused(linked.PreviousId, hops));
        else facts.Add(new CarriedOver(linked.PreviousId, new IdentityClaimed(recorded.Id.ToString()), hops));
    }
}
