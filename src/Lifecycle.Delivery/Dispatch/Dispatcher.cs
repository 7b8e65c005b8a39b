using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Sql;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>Hands what journeys requested over to the tenants' endpoints, and the outcomes back to the customers' logs.</summary>
/// <remarks>At least once, by key: an attempt is claimed in the database before it is made, and a claim whose owner died runs out.
/// Several processes may serve one shard at once; a delivery is then still in one hand only.</remarks>
public sealed class Dispatcher : IDisposable
{
    private readonly LogDatabase _database;
    private readonly KnownTenants _tenants;
    private readonly CustomerDirectory _customers;
    private readonly EndpointStore _endpoints;
    private readonly WebhookChannel _channel;
    private readonly DispatchOptions _options;
    private readonly ILogger _logger;
    private readonly Outcomes _outcomes;
    private readonly ShardRounds _rounds;
    private readonly SemaphoreSlim _slots;

    /// <param name="shards">The shards to serve at present; asked at every round.</param>
    public Dispatcher(LogDatabase database, TouchpointLog log, TenantStore tenants, CustomerDirectory customers, EndpointStore endpoints,
        WebhookChannel channel,
        Func<IReadOnlyCollection<int>> shards, DispatchOptions options, ILogger<Dispatcher> logger)
    {
        if (options.ClaimTime <= channel.Timeout) throw new ArgumentException("A claim must last longer than an attempt.", nameof(options));
        (_database, _tenants, _customers, _endpoints, _channel) = (database, new KnownTenants(tenants), customers, endpoints, channel);
        (_options, _logger) = (options, logger);
        _outcomes = new Outcomes(database, log, options.Time, logger);
        _rounds = new ShardRounds(shards, options.Poll, options.Time, logger);
        _slots = new SemaphoreSlim(options.InFlightMax);
    }

    /// <summary>An outcome was appended to this shard's log, outside the log's own group commit: who processes it should look.</summary>
    public event Action<int>? OutcomeRecorded;

    /// <summary>There may be something new to dispatch in this shard.</summary>
    public void Wake(int shard) => _rounds.Wake(shard);

    /// <summary>Dispatches until stopped, then waits for what is on the way; that takes no longer than an attempt and its recording.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await _rounds.RunAsync(LookAsync, stop);
        for (var slot = 0; slot < _options.InFlightMax; slot++) await _slots.WaitAsync(CancellationToken.None);
        _slots.Release(_options.InFlightMax);
    }

    /// <summary>Dispatches what is due in one shard now and waits for it.</summary>
    /// <returns>How many deliveries were attempted, at most as many as may be in flight.</returns>
    public async Task<int> RunOnceAsync(int shard, CancellationToken cancellation = default)
    {
        var (claims, _) = await ClaimAsync(shard, _options.InFlightMax, cancellation);
        await Task.WhenAll(claims.Select(claim => DispatchAsync(claim, cancellation)));
        return claims.Count;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<Duration> LookAsync(int shard, CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        var taken = 1;
        while (taken < _options.InFlightMax && _slots.Wait(TimeSpan.Zero, CancellationToken.None)) taken++;
        var started = 0;
        try
        {
            var (claims, alone) = await ClaimAsync(shard, taken, stop);
            foreach (var claim in claims)
            {
                _ = DispatchAndReleaseAsync(claim);
                started++;
            }
            return alone;
        }
        finally
        {
            if (taken > started) _slots.Release(taken - started);
        }
    }

    // Not cancelled by a stop: a message on its way is brought to its end, so that its outcome is known.
    private async Task DispatchAndReleaseAsync(Claim claim)
    {
        try
        {
            await DispatchAsync(claim, CancellationToken.None);
        }
        catch (Exception failure)
        {
            _logger.LogError(
                failure, "Attempt {Attempt} of {Key} has no recorded end; another is made when its claim runs out", claim.Attempt, claim.Key);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task DispatchAsync(Claim claim, CancellationToken cancellation)
    {
        var started = _options.Time.GetTimestamp();
        var tenant = await _tenants.FindAsync(claim.Tenant, cancellation);
        var endpoint = claim.Endpoint == 0 ? null : await _endpoints.FindAsync(claim.Tenant, claim.Endpoint, cancellation);
        var customerId = await _customers.FindIdAsync(claim.Tenant, claim.Shard, claim.Customer, cancellation);

        var refused = DeliveryDecision.BeforeSending(claim, endpoint, customerId, tenant.Test, _options.AgeMax);
        var answer = refused is null ? await SendAsync(claim, endpoint!, customerId!, cancellation) : null;
        var ended = (claim.ClaimedAt + Duration.FromTimeSpan(_options.Time.GetElapsedTime(started))).ToMilliseconds();
        if (answer is not null) await NoteHealthAsync(endpoint!, answer, ended, cancellation);

        var customer = new CustomerRef(claim.Tenant, claim.Shard, claim.Customer, customerId ?? "");
        var decision = refused ?? DeliveryDecision.After(claim, answer!, ended);
        await _outcomes.RecordAsync(claim, customer, tenant.Test, decision, answer, ended, cancellation);
        // The shard is left alone until something is due, and that may now be sooner.
        if (decision.Outcome == Outcome.Postponed) Wake(claim.Shard);
        OutcomeRecorded?.Invoke(claim.Shard);
    }

    private Task<ReceiverAnswer> SendAsync(Claim claim, Endpoint endpoint, string customerId, CancellationToken cancellation)
    {
        var body = ActionMessage.Write(claim, customerId);
        return _channel.SendAsync(new WebhookMessage(endpoint.Url, endpoint.Secrets!, ActionMessage.IdOf(claim.Key), body), cancellation);
    }

    private async Task NoteHealthAsync(Endpoint endpoint, ReceiverAnswer answer, Instant ended, CancellationToken cancellation)
    {
        var disabled = await _endpoints.NoteAsync(endpoint, answer, ended, _options.FailingMax, cancellation);
        if (disabled is not null)
            _logger.LogWarning("Endpoint {Endpoint} of tenant {Tenant} is disabled: {Because}", endpoint.Number, endpoint.Tenant, disabled);
    }

    /// <summary>Claims what is due, and says how long the shard may be left alone.</summary>
    private async Task<(IReadOnlyList<Claim> Claims, Duration Alone)> ClaimAsync(int shard, int limit, CancellationToken cancellation)
    {
        var (now, next) = await FindDueAsync(shard, cancellation);
        if (next is null) return ([], _options.Poll);
        if (next > now) return ([], next.Value - now);

        var claims = new List<Claim>();
        await using var command = _database.Source.CreateCommand(DeliverySql.ClaimDue).With(shard).With(now).With(limit)
            .With(now + _options.ClaimTime);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            claims.Add(new Claim(shard, reader.GetInt32(0), new CustomerKey(reader.GetGuid(1)), new RecordId(reader.GetGuid(2)), reader.GetInt32(3),
                reader.GetInstant(4), reader.GetFieldValue<byte[]>(5), reader.GetInt32(6), reader.GetBoolean(7), now));
        }
        // As many as fitted: there may be more. Fewer: what is left was being claimed by another, or there is nothing until the next poll or wake.
        return (claims, claims.Count == limit ? Duration.Zero : _options.Poll);
    }

    private async Task<(Instant Now, Instant? Next)> FindDueAsync(int shard, CancellationToken cancellation)
    {
        await using var command = _database.Source.CreateCommand(DeliverySql.FindDue).With(shard);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInstant(0), reader.GetInstantOrNull(1));
    }
}
