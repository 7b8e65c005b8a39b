namespace Lifecycle.Simulation.Tests.Store;

/// <summary>One statement with its parameters, on its way to the store.</summary>
internal sealed record Call(string Text, object?[] Parameters)
{
    /// <summary>A parameter by its number, from 1.</summary>
    public T Get<T>(int number) => (T)Parameters[number - 1]!;

    public int Shard => Get<int>(1);

    /// <summary>Tenant and customer of many rows, from two arrays.</summary>
    public IEnumerable<CustomerPlace> Customers(int tenants, int customers) =>
        Get<int[]>(tenants).Zip(Get<Guid[]>(customers), (tenant, customer) => new CustomerPlace(Shard, tenant, customer));
}

/// <summary>What the store answers to one statement.</summary>
/// <param name="Affected">How many rows were written; -1 for a query.</param>
internal sealed record Answer(int Affected, IReadOnlyList<object?[]> Rows)
{
    public static Answer Of(IEnumerable<object?[]> rows) => new(-1, [.. rows]);

    public static Answer Row(params object?[] columns) => new(-1, [columns]);

    public static Answer Written(int rows) => new(rows, []);

    public static Answer Written(bool row) => Written(row ? 1 : 0);
}
