using System.Data.Common;
using System.Security.Cryptography;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Protocols.Segment;
using Lifecycle.Ingestion.Sql;
using NodaTime;

namespace Lifecycle.Ingestion;

/// <summary>Keeps what was refused, so that somebody can look at it and so that nothing a sender sent is lost without a trace.</summary>
/// <remarks>Sealed under a key of the tenant's, for nobody can know what is in what could not be read, and for <see cref="Kept"/>.</remarks>
public sealed class QuarantineStore(LogDatabase database, CustomerDirectory customers)
{
    /// <summary>How long it is kept.</summary>
    public static readonly Duration Kept = Duration.FromDays(30);

    private const int KeySize = 32;

    /// <summary>What was kept under an id, as it came; null where it was kept for another tenant.</summary>
    public static byte[]? Open(Tenant tenant, Guid id, ReadOnlySpan<byte> content) =>
        PersonalCipher.Decrypt(KeyOf(tenant), new RecordId(id), content);

    /// <summary>Forgets what has been kept long enough. To be called now and then.</summary>
    public async Task ForgetOldAsync(TimeProvider time, CancellationToken ct = default)
    {
        var before = Instant.FromDateTimeOffset(time.GetUtcNow()) - Kept;
        for (var shard = 0; shard < database.Shards; shard++)
        {
            await using var command = database.Source.CreateCommand(IngestionSql.ForgetQuarantine).With(shard).With(before);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

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
            var (key, ids) = (KeyOf(tenant), refusals.Select(_ => Guid.CreateVersion7()).ToArray());
            await using var command = database.Source.CreateCommand(IngestionSql.Quarantine).With(shard).With(tenant.Id).With(ids)
                .WithColumn(refusals, refusal => refusal.Code)
                .WithColumn(refusals, refusal => refusal.Message)
                .With(refusals.Zip(ids, (refusal, id) => PersonalCipher.Encrypt(key, new RecordId(id), refusal.Content, forRules: false)).ToArray());
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            throw new LogUnavailableException("What was refused could not be kept.", failure);
        }
    }

    private static byte[] KeyOf(Tenant tenant) => HKDF.DeriveKey(HashAlgorithmName.SHA256, tenant.Secret, KeySize, info: "quarantine"u8.ToArray());

    /// <summary>The customer's shard; where nobody can say whose the event is, the first.</summary>
    private int ShardOf(Tenant tenant, Refusal refusal) => refusal.CustomerId is { } id ? customers.Locate(tenant, id).Shard : 0;
}
