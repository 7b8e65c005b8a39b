using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;
using Npgsql;

namespace Lifecycle.Delivery;

/// <summary>The endpoints of all tenants: a small table, read with every message and seldom written.</summary>
public sealed class Endpoints(LogDatabase database, TimeProvider time)
{
    // Two creations for one tenant at once choose the same number, and one has to come again.
    private const int CreateAttemptsMax = 8;

    /// <summary>What came of a registration: the endpoint with its secret, or what is wrong with the URL (<see cref="Endpoint.ProblemOf"/>).</summary>
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
                await using var command = Command(Sql.CreateEndpoint, tenant, url, secret, time.GetUtcNow().UtcDateTime);
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
        await using var command = Command(Sql.FindEndpoint, tenant, number);
        return (await ReadAsync(command, tenant, cancellation)).SingleOrDefault();
    }

    /// <summary>All endpoints of a tenant by number, without secrets.</summary>
    public async Task<IReadOnlyList<Endpoint>> ListAsync(int tenant, CancellationToken cancellation = default)
    {
        await using var command = Command(Sql.ListEndpoints, tenant);
        return await ReadAsync(command, tenant, cancellation);
    }

    /// <summary>Enables an endpoint; its failures are forgotten. False if there is none.</summary>
    public Task<bool> EnableAsync(int tenant, int number, CancellationToken cancellation = default) =>
        ExecuteAsync(Command(Sql.EnableEndpoint, tenant, number), cancellation);

    /// <summary>Disables an endpoint: what is requested for it, or waits for another attempt, is withheld. False if there is none.</summary>
    public Task<bool> DisableAsync(int tenant, int number, string because = Endpoint.ByHand, CancellationToken cancellation = default) =>
        ExecuteAsync(Command(Sql.DisableEndpoint, tenant, number, because), cancellation);

    /// <summary>Keeps account of an endpoint's health, and disables one that is gone or has failed for too long.</summary>
    /// <returns>Why it was disabled now; null if it was not.</returns>
    internal async Task<string?> NoteAsync(Endpoint endpoint, Answer answer, Instant now, Duration failingMax, CancellationToken cancellation)
    {
        var (tenant, number) = (endpoint.Tenant, endpoint.Number);
        switch (answer, endpoint.FailingSince)
        {
            case ({ IsSuccess: true }, null):
                return null;
            case ({ IsSuccess: true }, _):
                await ExecuteAsync(Command(Sql.MarkHealthy, tenant, number), cancellation);
                return null;
            case ({ IsGone: true }, _):
                await DisableAsync(tenant, number, Endpoint.Gone, cancellation);
                return Endpoint.Gone;
            case (_, null):
                await ExecuteAsync(Command(Sql.MarkFailing, tenant, number, now.ToDateTimeUtc()), cancellation);
                return null;
            case (_, { } since) when now - since >= failingMax:
                await DisableAsync(tenant, number, Endpoint.Failing, cancellation);
                return Endpoint.Failing;
            default:
                return null;
        }
    }

    private NpgsqlCommand Command(string statement, params object[] parameters)
    {
        var command = database.Source.CreateCommand(statement);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private static async Task<bool> ExecuteAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command) return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    private static async Task<IReadOnlyList<Endpoint>> ReadAsync(NpgsqlCommand command, int tenant, CancellationToken cancellation)
    {
        var endpoints = new List<Endpoint>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            endpoints.Add(new Endpoint(tenant, reader.GetInt32(0), new Uri(reader.GetString(1)), reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetBoolean(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(5) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(5)), Instant.FromDateTimeUtc(reader.GetDateTime(6))));
        }
        return endpoints;
    }
}
