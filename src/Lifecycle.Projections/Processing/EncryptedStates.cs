using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Encryption;

namespace Lifecycle.Projections.Processing;

/// <summary>States as they lie in the database: one that holds something personal lies there under its customer's own key alone.</summary>
/// <remarks>Sealed is the whole state, behind a mark that no state begins with. Whose key was destroyed has no state any more.</remarks>
internal sealed class EncryptedStates(LogDatabase database)
{
    private const byte Mark = 255;

    private readonly CustomerDirectory _customers = new(database);

    /// <summary>The rows as they are stored. Of those that hold something personal whose key is gone nothing is stored.</summary>
    public async ValueTask<IReadOnlyList<StateRow>> CloseAsync(int shard, IReadOnlyList<StateRow> rows, CancellationToken ct)
    {
        if (!rows.Any(row => row.HoldsPersonal)) return rows;
        var keys = await _customers.FindKeysAsync(shard, [.. rows.Where(row => row.HoldsPersonal).Select(row => row.Customer)], ct);
        var closed = new List<StateRow>(rows.Count);
        foreach (var row in rows)
        {
            if (!row.HoldsPersonal) closed.Add(row);
            else if (keys.TryGetValue(row.Customer, out var key))
                closed.Add(row with { Body = [Mark, .. PersonalCipher.Encrypt(key, IdOf(row.Customer), row.Body, forRules: true)] });
        }
        return closed;
    }

    /// <summary>Bodies from the database as the machine reads them, in their order; null for one whose key is gone, and for none.</summary>
    public async ValueTask<IReadOnlyList<byte[]?>> OpenAsync(int shard, IReadOnlyList<(CustomerAddress Customer, byte[]? Body)> stored,
        CancellationToken ct)
    {
        var closed = stored.Where(entry => IsClosed(entry.Body)).Select(entry => entry.Customer).ToList();
        if (closed.Count == 0) return [.. stored.Select(entry => entry.Body)];
        var keys = await _customers.FindKeysAsync(shard, closed, ct);
        return [.. stored.Select(entry => !IsClosed(entry.Body) ? entry.Body
            : keys.TryGetValue(entry.Customer, out var key) ? Opened(key, entry.Customer, entry.Body!) : null)];
    }

    /// <summary>A body that does not open under a key that is there is damaged: it is handed on as it is, and whoever reads it sets the customer
    /// aside.</summary>
    private static byte[] Opened(byte[] key, CustomerAddress customer, byte[] body) => PersonalCipher.Decrypt(key, IdOf(customer), body.AsSpan(1))
        ?? body;

    private static bool IsClosed(byte[]? body) => body is [Mark, ..];

    /// <summary>Under which a state is sealed: no other customer's opens in its place.</summary>
    private static RecordId IdOf(CustomerAddress customer) => new(customer.Key.Value);
}
