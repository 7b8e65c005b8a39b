using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;

namespace Lifecycle.Projections.Queries;

/// <summary>Which customers live in the present, and which are known by imported history alone that is still open.</summary>
public sealed class PresentQueries(LogDatabase database, CustomerDirectory customers)
{
    /// <summary>How many of these customers have live input or have lived through the end of a history.</summary>
    public async Task<int> CountAsync(Tenant tenant, IReadOnlyCollection<string> ids, CancellationToken ct = default)
    {
        var count = 0;
        foreach (var shard in ids.Select(id => customers.Locate(tenant, id)).GroupBy(customer => customer.Shard))
        {
            var counted = await database.Statement("count_present").With(shard.Key).With(tenant.Id)
                .With(shard.Select(customer => customer.Key.Value).ToArray())
                .ListAsync(row => row.GetInt64(0), ct);
            count += (int)counted[0];
        }
        return count;
    }
}
