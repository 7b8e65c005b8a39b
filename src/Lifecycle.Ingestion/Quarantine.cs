using System.Data.Common;
using Lifecycle.EventLog;
using Lifecycle.Ingestion.Segment;

namespace Lifecycle.Ingestion;

/// <summary>Keeps what was refused, so that somebody can look at it and so that nothing a sender sent is lost without a trace.</summary>
public sealed class Quarantine(LogDatabase database, Customers customers)
{
    /// <summary>Stores the refused events, one transaction for each shard.</summary>
    /// <exception cref="LogUnavailableException">The database did not answer; some of them may be stored.</exception>
    public async Task KeepAsync(Tenant tenant, IReadOnlyCollection<Refusal> refusals, CancellationToken ct)
    {
        foreach (var shard in refusals.GroupBy(refusal => ShardOf(tenant, refusal))) await KeepAsync(shard.Key, tenant, [.. shard], ct);
    }

    private async Task KeepAsync(int shard, Tenant tenant, Refusal[] refusals, CancellationToken ct)
    {
        try
        {
            await using var command = database.Source.CreateCommand(Statements.Quarantine).With(shard).With(tenant.Id)
                .WithColumn(refusals, _ => Guid.CreateVersion7())
                .WithColumn(refusals, refusal => refusal.Code)
                .WithColumn(refusals, refusal => refusal.Message)
                .WithColumn(refusals, refusal => refusal.Content);
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            throw new LogUnavailableException("What was refused could not be kept.", failure);
        }
    }

    /// <summary>The customer's shard; where nobody can say whose the event is, the first.</summary>
    private int ShardOf(Tenant tenant, Refusal refusal) => refusal.CustomerId is { } id ? customers.Locate(tenant, id).Shard : 0;
}
