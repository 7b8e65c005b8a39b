using System.Runtime.InteropServices;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;

namespace Lifecycle.EventLog.Customers;

/// <summary>Opens what rows hold sealed, for whoever judges their customers: rules read what is personal like anything else.</summary>
/// <remarks>Only what rules may read is opened. A row whose key was destroyed stays closed, and its customer is judged as if it said nothing
/// personal.</remarks>
public sealed class PersonalParts(LogDatabase database)
{
    private readonly CustomerDirectory _customers = new(database);

    /// <summary>The rows of one shard, those that hold something for rules with it opened.</summary>
    public async ValueTask<IReadOnlyList<LogRow>> OpenAsync(int shard, IReadOnlyList<LogRow> rows, CancellationToken ct)
    {
        var places = new List<int>();
        for (var place = 0; place < rows.Count; place++)
        {
            if (rows[place].Sealed is { } closed && PersonalCipher.IsForRules(closed.Span)) places.Add(place);
        }
        if (places.Count == 0) return rows;
        var keys = await _customers.FindKeysAsync(shard, [.. places.Select(place => AddressOf(rows[place])).Distinct()], ct);
        var opened = new List<LogRow>(rows);
        var span = CollectionsMarshal.AsSpan(opened);
        foreach (var place in places)
        {
            ref var row = ref span[place];
            if (keys.TryGetValue(AddressOf(row), out var key) && PersonalCipher.Decrypt(key, row.Id, row.Sealed!.Value.Span) is { } plain)
                row = row with { Personal = plain };
        }
        return opened;
    }

    private static CustomerAddress AddressOf(LogRow row) => new(row.Tenant, row.Customer ?? default);
}
