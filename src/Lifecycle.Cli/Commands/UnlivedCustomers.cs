using Lifecycle.Projections;

namespace Lifecycle.Cli.Commands;

/// <summary>Names the customers whose life cannot be lived again, with the reason: the first of them.</summary>
internal static class UnlivedCustomers
{
    private const int ShownMax = 10;

    public static void Show(IEnumerable<UnlivedCustomer> unlived)
    {
        foreach (var customer in unlived.Take(ShownMax))
            Console.Error.WriteLine($"shard {customer.Shard}, tenant {customer.Tenant}, customer {customer.Customer}: {customer.Reason}");
    }
}
