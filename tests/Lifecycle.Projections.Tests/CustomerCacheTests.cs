using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.Projections.Processing;

namespace Lifecycle.Projections.Tests;

public sealed class CustomerCacheTests
{
    [Fact]
    public void Who_was_asked_for_last_is_kept_and_of_the_others_no_more_than_there_is_room_for()
    {
        var cache = new CustomerCache(10, 1_000_000);
        var customers = Enumerable.Range(0, 30).Select(Customer).ToList();
        foreach (var customer in customers)
        {
            cache.Keep(customer);
            Assert.Same(customers[0], cache.Find(customers[0].Address));
        }
        Assert.Same(customers[29], cache.Find(customers[29].Address));
        Assert.InRange(customers.Count(customer => cache.Find(customer.Address) is not null), 5, 10);
    }

    [Fact]
    public void Customers_that_grow_while_they_are_kept_push_out_others()
    {
        var cache = new CustomerCache(1000, 1_000_000);
        var customers = Enumerable.Range(0, 100).Select(Customer).ToList();
        customers.ForEach(cache.Keep);
        Assert.All(customers, customer => Assert.NotNull(cache.Find(customer.Address)));
        for (var round = 0; round < 10; round++)
        {
            foreach (var customer in customers)
            {
                Grow(customer, bytes: 5_000);
                if (cache.Find(customer.Address) is null) cache.Keep(customer);
            }
        }
        var kept = customers.Where(customer => cache.Find(customer.Address) is not null).ToList();
        Assert.InRange(kept.Sum(customer => (long)customer.Size), 400_000, 1_000_000);
    }

    [Fact]
    public void One_customer_who_is_larger_than_all_the_room_is_kept_alone()
    {
        var cache = new CustomerCache(1000, 10_000);
        var (small, large) = (Customer(1), Customer(2));
        Grow(large, bytes: 50_000);
        cache.Keep(small);
        cache.Keep(large);
        Assert.Same(large, cache.Find(large.Address));
        cache.Forget(large.Address);
        Assert.Null(cache.Find(large.Address));
    }

    private static LiveCustomer Customer(int number)
    {
        var key = new CustomerKey(new Guid(number, 0, 0, new byte[8]));
        return new LiveCustomer(new CustomerAddress(1, key), new CustomerState(key), storedDue: null);
    }

    private static void Grow(LiveCustomer customer, int bytes) => customer.Stored(new byte[customer.Size - LiveCustomer.Overhead + bytes], due: null, Instants.Never);
}
