using Lifecycle.Domain.Personal;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;

namespace Lifecycle.Projections.Queries;

/// <summary>Finds customers by what is sealed of them: an e-mail address, a phone number or a name, each as it was said last, and exactly.</summary>
public sealed class LookUpQueries(LogDatabase database)
{
    /// <summary>As many as one value finds in a shard.</summary>
    private const int FoundMax = 1000;

    /// <summary>The customers by shard; null where they are not looked up by such an attribute.</summary>
    public async Task<IReadOnlyDictionary<int, Guid[]>?> FindAsync(Tenant tenant, string attribute, string value, CancellationToken ct = default)
    {
        if (LookUp.KindOf(attribute) is not { } kind) return null;
        var found = new Dictionary<int, Guid[]>();
        if (LookUp.Normalised(kind, value) is not { } normalised) return found;
        var hash = CustomerDirectory.LookUpHash(tenant, kind, normalised);
        for (var shard = 0; shard < database.Shards; shard++)
        {
            var customers = await database.Statement("find_look_up").With(shard).With(tenant.Id).With(hash).With(FoundMax)
                .ListAsync(row => row.GetGuid(0), ct);
            if (customers.Count > 0) found[shard] = [.. customers];
        }
        return found;
    }
}
