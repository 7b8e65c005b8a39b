using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;

namespace Lifecycle.Ingestion;

/// <summary>Takes in what SDKs send: opens, checks, seals, appends, and answers once all of it is on disk.</summary>
/// <remarks>One bad event never costs its batch, and nothing a body holds can cause a 5xx. When in doubt about a key or about what was written
/// the answer is 503 or, for want of space, 507: SDKs then send again, and the same message ids append nothing twice.</remarks>
/// <param name="contracts">What tenants' newest releases ask of senders; where it is not given, nothing is asked.</param>
public sealed class Intake(
    LogDatabase database, CustomerDirectory customers, TouchpointLog log, ApiKeys keys, QuarantineStore quarantine, TimeProvider time,
    IntakeLimits limits,
    FreeSpace? space = null, ISenderContracts? contracts = null)
{
    private readonly IntakeLimits _limits = limits.Checked();
    private readonly ConcurrentDictionary<int, int> _inWorkByTenant = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isClosed;
    private volatile DiskWasFull? _diskWasFull;
    private int _inWork;

    /// <summary>The most bytes of a body that are worth reading from a connection.</summary>
    public int BodySizeMax => _limits.BodySizeMax;

    /// <summary>Stores what a request brings. Never throws but for cancellation. Afterwards nothing reads the request's body any more.</summary>
    public async Task<IntakeAnswer> AcceptAsync(IntakeRequest request, CancellationToken ct = default)
    {
        var inWork = Interlocked.Increment(ref _inWork);
        try
        {
            if (_isClosed) return ComeAgain(503, "stopping", "This server is about to stop; come again.");
            if (inWork > _limits.RequestsMax) return ComeAgain(503, "overloaded", "Too many requests are in work; come again.");
            return space?.Refusal() ?? await OpenAsync(request, ct);
        }
        catch (Exception failure) when (failure is LogUnavailableException or DbException or TimeoutException)
        {
            var answer = IntakeAnswer.Unavailable(failure);
            if (answer.Status == IntakeAnswer.DiskShortStatus) _diskWasFull = new DiskWasFull(answer, time.GetTimestamp());
            return answer;
        }
        finally
        {
            if (Interlocked.Decrement(ref _inWork) == 0 && _isClosed) _idle.TrySetResult();
        }
    }

    /// <summary>The 507 that is answered for want of space on the database's disk; null while there is room, as far as is known.</summary>
    /// <remarks>That PostgreSQL ran out of space is told as long as its senders are asked to wait: nobody would try again where a load balancer sends
    /// nobody.</remarks>
    public IntakeAnswer? DiskShortage()
    {
        if (space?.Refusal() is { } refusal) return refusal;
        return _diskWasFull is { } full && time.GetElapsedTime(full.At) < TimeSpan.FromSeconds(full.Answer.RetryAfterSeconds ?? 0) ? full.Answer
            : null;
    }

    /// <summary>Takes nothing more from now on, and returns when all that was being stored has been answered.</summary>
    public Task CloseAsync()
    {
        _isClosed = true;
        if (Volatile.Read(ref _inWork) == 0) _idle.TrySetResult();
        return _idle.Task;
    }

    /// <summary>Says that a tenant's imported history is complete, in every shard where it was open.</summary>
    /// <returns>How far to wait until all of it is judged.</returns>
    /// <exception cref="LogUnavailableException">Some shards may be closed; do it again.</exception>
    public async Task<SeenToken> CloseHistoryAsync(Tenant tenant, CancellationToken ct = default)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, database.Shards).Select(shard =>
            log.AppendShardInputAsync(shard, tenant, new HistoryClosed(), new RecordId(Guid.CreateVersion7()), ct)));
        return SeenToken.Of(outcomes.Select(outcome => (outcome.Shard, outcome.Position)));
    }

    private async Task<IntakeAnswer> OpenAsync(IntakeRequest request, CancellationToken ct)
    {
        using var inflated = new PooledBuffer();
        var (inflation, body) = BodyEncoding.Inflate(request.Body, request.Encoding, _limits.BodySizeMax, inflated);
        switch (inflation)
        {
            case Inflation.UnknownEncoding: return new(415, "unknown_encoding", $"The body must be sent as one of {BodyEncoding.Accepted}.");
            case Inflation.TooLarge: return TooLarge();
            case Inflation.Corrupt: return new(400, "corrupt_encoding", "The body is not in the encoding that Content-Encoding names.");
        }
        // A key in a header is checked before anything is read, one in the body as soon as it is known.
        var key = request.Key is { } first ? await keys.VerifyAsync(first, ct) : null;
        if (request.Key is not null && key is null) return UnknownKey();
        var (read, complaint) = SegmentBody.Read(body, request.Route);
        if (read is null) return new(400, "not_json", complaint!);
        key ??= (read.WriteKey ?? request.BearerKey) is { } second ? await keys.VerifyAsync(second, ct) : null;
        if (key is null) return UnknownKey();
        return read.Messages.Count > _limits.EventsMax ? TooLarge() : await InTurnAsync(key, read, request, ct);
    }

    private async Task<IntakeAnswer> InTurnAsync(ApiKey key, SegmentBody body, IntakeRequest request, CancellationToken ct)
    {
        var inWork = _inWorkByTenant.AddOrUpdate(key.Tenant.Id, 1, static (_, count) => count + 1);
        try
        {
            return inWork > _limits.RequestsPerTenantMax
                ? ComeAgain(429, "too_many_requests", "Too many of your requests are in work; come again.")
                : await StoreAsync(key, body, request, ct);
        }
        finally
        {
            _inWorkByTenant.AddOrUpdate(key.Tenant.Id, 0, static (_, count) => count - 1);
        }
    }

    private async Task<IntakeAnswer> StoreAsync(ApiKey key, SegmentBody body, IntakeRequest request, CancellationToken ct)
    {
        var received = Instant.FromDateTimeOffset(time.GetUtcNow());
        var contract = contracts is null ? SenderContract.None : await contracts.OfAsync(key.Tenant, ct);
        using var reader = new SegmentReader(request.Route, body, key.Clock, request.Historical, received, contract, key.Tenant.Test);
        var messages = new List<(int Index, SegmentMessage Message)>(body.Messages.Count);
        var refusals = new List<(int Index, Refusal Refusal)>();
        var erased = new List<(int Index, Refusal Refusal)>(); // Nothing of these is kept, not even in quarantine.
        for (var index = 0; index < body.Messages.Count; index++)
        {
            var (message, refusal) = reader.Read(index);
            if (message is not null) messages.Add((index, message));
            else refusals.Add((index, refusal!));
        }
        var outcomes = messages.Count == 0 ? [] : await log.AppendAsync(await ToInputsAsync(key.Tenant, messages, ct), ct);
        if (outcomes.Count > 0) _diskWasFull = null;
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Result == AppendResult.Conflict) refusals.Add((messages[i].Index, Conflict(messages[i].Message)));
            if (outcomes[i].Result == AppendResult.Erased) erased.Add((messages[i].Index, Erased(messages[i].Message)));
        }
        if (refusals.Count > 0) await quarantine.KeepAsync(key.Tenant, [.. refusals.Select(entry => entry.Refusal)], ct);
        return WithWarnings(Stored(key.Tenant, outcomes, [.. refusals, .. erased]), messages, outcomes);
    }

    private async Task<NewInput[]> ToInputsAsync(Tenant tenant, List<(int Index, SegmentMessage Message)> messages, CancellationToken ct)
    {
        var places = new Dictionary<string, CustomerRef>();
        foreach (var (_, message) in messages)
        {
            if (!places.ContainsKey(message.CustomerId)) places.Add(message.CustomerId, customers.Locate(tenant, message.CustomerId));
        }
        var customerKeys = await customers.EnsureAsync(places.Values, ct);
        return [.. messages.Select(entry => ToInput(tenant, entry.Message, places[entry.Message.CustomerId], customerKeys))];
    }

    private static NewInput ToInput(Tenant tenant, SegmentMessage message, CustomerRef customer, IReadOnlyDictionary<CustomerKey,
        byte[]> customerKeys)
    {
        var id = new RecordId(MessageHash.Of(message.MessageId));
        // A customer without a key was erased; the log refuses what is theirs.
        var @sealed = message.Personal is { } personal && customerKeys.TryGetValue(customer.Key, out var key)
            ? PersonalCipher.Encrypt(key, id, personal, message.IsForRules) : null;
        return new(customer, id, message.Content, message.Name, message.Version, message.Open, @sealed, message.OccurredAt, message.Imported,
            Hops: 0, tenant.Test);
    }

    private static IntakeAnswer Stored(Tenant tenant, IReadOnlyList<AppendOutcome> outcomes, List<(int Index, Refusal Refusal)> refusals) =>
        new(200, "stored", "All events are on disk but those rejected.")
        {
            Seen = SeenToken.Of(outcomes.Select(outcome => (outcome.Shard, outcome.Position))).For(tenant),
            Appended = outcomes.Count(outcome => outcome.Result == AppendResult.Appended),
            Duplicates = outcomes.Count(outcome => outcome.Result == AppendResult.Duplicate),
            Rejected = [.. refusals.OrderBy(entry => entry.Index)
                .Select(entry => new Rejection(entry.Index, entry.Refusal.MessageId, entry.Refusal.Code, entry.Refusal.Message))],
        };

    /// <summary>The answer with what is odd about the events that are in the log.</summary>
    private static IntakeAnswer WithWarnings(IntakeAnswer answer, List<(int Index, SegmentMessage Message)> messages,
        IReadOnlyList<AppendOutcome> outcomes)
    {
        List<Warning>? warnings = null;
        var count = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Message.Remarks is not { } remarks || outcomes[i].Result is AppendResult.Conflict or AppendResult.Erased) continue;
            count += remarks.Count;
            warnings ??= [];
            warnings.AddRange(remarks.Take(IntakeAnswer.WarningsMax - warnings.Count)
                .Select(remark => new Warning(messages[i].Index, remark.Code, remark.Message)));
        }
        return warnings is null ? answer : answer with { Warnings = warnings, WarningsLeftOut = count - warnings.Count };
    }

    private static Refusal Conflict(SegmentMessage message) =>
        new(message.MessageId, message.CustomerId, "conflict", "Another event of this customer has the same messageId; the first was kept.",
        message.Open);

    private static Refusal Erased(SegmentMessage message) =>
        new(message.MessageId, null, "erased", "This customer was erased; nothing about them is taken in any more.", []);

    private static IntakeAnswer UnknownKey() => new(401, "unknown_key", "There is no such key.");

    private sealed record DiskWasFull(IntakeAnswer Answer, long At);

    private IntakeAnswer TooLarge() => new(413, "body_too_large", string.Create(CultureInfo.InvariantCulture,
        $"A request may have at most {_limits.BodySizeMax} bytes, counted after inflating, and {_limits.EventsMax} events; send it in parts."));

    private IntakeAnswer ComeAgain(int status, string code, string message) =>
        new(status, code, message) { RetryAfterSeconds = _limits.RetryAfterSeconds };
}
