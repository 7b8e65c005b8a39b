using System.Data.Common;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Sql;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using NodaTime;
using Npgsql;

namespace Lifecycle.Delivery;

/// <summary>The endpoints of all tenants: a small table, read with every message and seldom written.</summary>
public sealed class EndpointStore(LogDatabase database, TimeProvider time)
{
    // Two creations for one tenant at once choose the same number, and one has to come again.
    private const int CreateAttemptsMax = 8;

    /// <summary>What came of a registration: the endpoint with its secret, or what is wrong with the URL
    /// (<see cref="Endpoint.ProblemOf"/>).</summary>
    public sealed record Registration(Endpoint? Endpoint, string? Problem);

    /// <summary>Registers an endpoint, enabled.</summary>
    /// <param name="secret">What its messages are signed with; null for a new one.</param>
    public async Task<Registration> CreateAsync(int tenant, string url, string? secret = null, CancellationToken cancellation = default)
    {
        if (Endpoint.ProblemOf(url) is { } problem) return new Registration(null, problem);
        if (secret is not null && !StandardWebhooks.IsSecret(secret)) return new Registration(null, "secret_invalid");
        secret ??= StandardWebhooks.NewSecret();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var command = database.Source.CreateCommand(DeliverySql.CreateEndpoint).With(tenant).With(url).With(secret)
                    .With(time.GetUtcNow().UtcDateTime);
                return new Registration((await ReadAsync(command, tenant, cancellation)).Single(), null);
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation } && attempt < CreateAttemptsMax)
            {
            }
        }
    }

    /// <summary>One endpoint with its secrets, or null.</summary>
    public async Task<Endpoint?> FindAsync(int tenant, int number, CancellationToken cancellation = default)
    {
        var found = await ReadAsync(database.Source.CreateCommand(DeliverySql.FindEndpoint).With(tenant).With(number), tenant, cancellation);
        return found.SingleOrDefault();
    }

    /// <summary>All endpoints of a tenant by number, without secrets.</summary>
    public Task<IReadOnlyList<Endpoint>> ListAsync(int tenant, CancellationToken cancellation = default) =>
        ReadAsync(database.Source.CreateCommand(DeliverySql.ListEndpoints).With(tenant), tenant, cancellation);

    /// <summary>Enables an endpoint; its failures are forgotten. False if there is none.</summary>
    public Task<bool> EnableAsync(int tenant, int number, CancellationToken cancellation = default) =>
        ExecuteAsync(database.Source.CreateCommand(DeliverySql.EnableEndpoint).With(tenant).With(number), cancellation);

    /// <summary>Disables an endpoint: what is requested for it, or waits for another attempt, is withheld. False if there is none.</summary>
    public Task<bool> DisableAsync(int tenant, int number, string because = Endpoint.ByHand, CancellationToken cancellation = default) =>
        ExecuteAsync(database.Source.CreateCommand(DeliverySql.DisableEndpoint).With(tenant).With(number).With(because), cancellation);

    /// <summary>Keeps account of an endpoint's health, and disables one that is gone or has failed for too long.</summary>
    /// <returns>Why it was disabled now; null if it was not.</returns>
    internal async Task<string?> NoteAsync(Endpoint endpoint, ReceiverAnswer answer, Instant now, Duration failingMax, CancellationToken cancellation)
    {
        var (tenant, number) = (endpoint.Tenant, endpoint.Number);
        switch (answer, endpoint.FailingSince)
        {
            case ({ IsSuccess: true }, null):
                return null;
            case ({ IsSuccess: true }, _):
                await ExecuteAsync(database.Source.CreateCommand(DeliverySql.MarkHealthy).With(tenant).With(number), cancellation);
                return null;
            case ({ IsGone: true }, _):
                await DisableAsync(tenant, number, Endpoint.Gone, cancellation);
                return Endpoint.Gone;
            case (_, null):
                await ExecuteAsync(database.Source.CreateCommand(DeliverySql.MarkFailing).With(tenant).With(number).With(now), cancellation);
                return null;
            case (_, { } since) when now - since >= failingMax:
                await DisableAsync(tenant, number, Endpoint.Failing, cancellation);
                return Endpoint.Failing;
            default:
                return null;
        }
    }

    private static async Task<bool> ExecuteAsync(DbCommand command, CancellationToken cancellation)
    {
        await using (command) return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    private static async Task<IReadOnlyList<Endpoint>> ReadAsync(DbCommand query, int tenant, CancellationToken cancellation) =>
        await query.ListAsync(row => new Endpoint(tenant, row.GetInt32(0), new Uri(row.GetString(1)), row.GetStringOrNull(2), row.GetBoolean(3),
            row.GetStringOrNull(4), row.GetInstantOrNull(5), row.GetInstant(6)), cancellation);
}
