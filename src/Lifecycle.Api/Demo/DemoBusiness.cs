using Bogus;
using Lifecycle.Api.Hosting;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>What a demo's customers come for, and how that shows in events. The set is closed.</summary>
internal abstract class DemoBusiness
{
    private protected DemoBusiness()
    {
    }

    public static DemoBusiness Of(DemoKind demo) => demo switch
    {
        DemoKind.Game => new GameBusiness(),
        DemoKind.Subscription => new MagazineBusiness(),
        DemoKind.None or DemoKind.Retail => new ShopBusiness(),
    };

    /// <summary>ISO 4217, as the sample's definition has it.</summary>
    public abstract string Currency { get; }

    /// <summary>What a customer is called, the first part of their id.</summary>
    public abstract string Noun { get; }

    /// <summary>How many days the past goes back.</summary>
    public abstract int Past { get; }

    /// <summary>How often people visit, beside a game.</summary>
    public abstract double Frequency { get; }

    /// <summary>Whether the visits of the past were all purchases. Those of the present are not, for they come every second.</summary>
    public virtual bool EveryVisitBuys => false;

    /// <summary>How long before the turn of the star's life their silence, or their trial, began.</summary>
    public abstract Duration Suspense { get; }

    /// <summary>What happens at the turn, as the end of a sentence that names the star.</summary>
    public abstract string Turn { get; }

    /// <summary>What somebody does on a visit.</summary>
    public abstract IEnumerable<DemoEvent> Visit(DemoCustomer customer, Instant at, Randomizer random);

    /// <summary>What goes on beside the visits.</summary>
    /// <param name="first">When they were first seen.</param>
    public virtual IEnumerable<DemoEvent> Beside(DemoCustomer customer, Instant first, Instant now, Randomizer random) => [];

    /// <summary>The life of the customer to watch.</summary>
    /// <param name="last">When the suspense begins, to the millisecond.</param>
    public abstract IEnumerable<DemoEvent> Star(string star, Instant last);

    /// <summary>The first two events of everybody.</summary>
    protected static IEnumerable<DemoEvent> Arrival(string customer, string name, Instant at) =>
        [new DemoEvent(customer, "Signed Up", at), new DemoEvent(customer, DemoEvent.Identify, at + Duration.FromSeconds(1), What: name)];
}
