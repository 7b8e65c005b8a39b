namespace Lifecycle.Api.Demo;

/// <summary>How a made-up customer behaves.</summary>
/// <param name="From">Days ago of the first visit.</param>
/// <param name="Until">Days ago of the last visit; 0 for those who still come.</param>
/// <param name="Visits">How likely a visit is on a day.</param>
/// <param name="Orders">How likely a purchase is on a day with a visit.</param>
/// <param name="Spending">How many times what others spend.</param>
internal sealed record DemoCustomer(string Id, string Name, double From, double Until, double Visits, double Orders, int Spending = 1)
{
    /// <summary>They had gone, and looked in again in the last two days.</summary>
    public bool CameBack { get; init; }

    public bool StillComes => Until == 0;
}
