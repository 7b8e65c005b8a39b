using System.Globalization;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Sql;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>Writes down what became of an attempt: on the delivery, in the attempt log, and as an input of the customer's; all or nothing.</summary>
internal sealed class Outcomes(LogDatabase database, TouchpointLog log, TimeProvider time, ILogger logger)
{
    private const int TriesMax = 5;
    private static readonly Duration RetryDelay = Duration.FromMilliseconds(100), RetryDelayMax = Duration.FromSeconds(2);

    /// <summary>Records an attempt's end. Doing it again changes nothing, so where a transaction's fate is unknown it is done again.</summary>
    /// <param name="answer">Null where nothing was sent.</param>
    /// <param name="ended">By the database's clock.</param>
    /// <exception cref="NpgsqlException">It could not be written; the claim will run out and the same message be sent again.</exception>
    public async Task RecordAsync(
        Claim claim, CustomerRef customer, bool test, DeliveryDecision decision, ReceiverAnswer? answer, Instant ended,
        CancellationToken cancellation)
    {
        var input = InputOf(claim, customer, test, decision, ended);
        for (var tried = 1; ; tried++)
        {
            try
            {
                await WriteAsync(claim, input, decision, answer, ended, cancellation);
                return;
            }
            catch (Exception failure) when (tried < TriesMax && (LogStatements.IsPartitionMissing(failure) || PassingFailures.MayPass(failure)))
            {
                database.Note(failure);
                logger.LogWarning(failure, "The outcome of {Key} could not be written at try {Tried}; it is written again", claim.Key, tried);
                if (LogStatements.IsPartitionMissing(failure)) await log.EnsurePartitionsAsync(claim.Shard, cancellation);
                await Task.Delay(PassingFailures.DelayAfter(tried, RetryDelay, RetryDelayMax, database.Options.Jitter()), time, cancellation);
            }
        }
    }

    private static NewInput InputOf(Claim claim, CustomerRef customer, bool test, DeliveryDecision decision, Instant ended)
    {
        var outcome = new ActionOutcome(claim.Key, claim.Endpoint, claim.Attempt, decision.Outcome, decision.Until, decision.Because);
        var (name, version) = EventCodec.NameOf(outcome);
        var open = EventCodec.WriteOpen(outcome);
        var id = new RecordId(StableHash.Of("outcome", claim.Key.ToString(), Text(claim.Endpoint), Text(claim.Attempt)));
        return new NewInput(customer, id, StableHash.Of(open), name, version, open, Sealed: null, ended, Imported: false, Hops: 0, test);
    }

    // One batch without BEGIN is one transaction in which nothing is held across a round trip. The head is locked last.
    private async Task WriteAsync(Claim claim, NewInput input, DeliveryDecision decision, ReceiverAnswer? answer, Instant ended,
        CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(ResultOf(claim, decision, answer, ended));
        if (answer is not null) batch.BatchCommands.Add(AttemptOf(claim, answer));
        batch.BatchCommands.Add(LogStatements.LockHead(claim.Shard));
        batch.BatchCommands.Add(LogStatements.AppendInputs(claim.Shard, [input], database.Options));

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation); // Past the head's lock, to what became of the input.
        var outcomes = await LogStatements.ReadOutcomesAsync(reader, claim.Shard, [input], cancellation);
        await reader.NextResultAsync(cancellation); // Only the end of the answers says that the commit is on disk.
        if (outcomes is [{ Result: AppendResult.Conflict }])
            logger.LogError("The log holds another outcome of attempt {Attempt} of {Key}; that one stays", claim.Attempt, claim.Key);
    }

    private static NpgsqlBatchCommand ResultOf(Claim claim, DeliveryDecision decision, ReceiverAnswer? answer, Instant ended) =>
        new NpgsqlBatchCommand(DeliverySql.RecordResult)
        .With(claim.Shard).With(claim.Tenant).With(claim.Key.Value).With(claim.Endpoint).With(claim.Attempt)
        .With((short)StatusOf(decision.Outcome)).With(decision.Until ?? ended).With(answer?.Status).With(answer?.Error ?? decision.Because);

    private static NpgsqlBatchCommand AttemptOf(Claim claim, ReceiverAnswer answer) => new NpgsqlBatchCommand(DeliverySql.RecordAttempt)
        .With(claim.Shard).With(claim.Tenant).With(claim.Key.Value).With(claim.Endpoint).With(claim.Attempt)
        .With(claim.ClaimedAt).With((int)answer.Took.TotalMilliseconds).With(answer.Status).With(answer.Error);

    private static DeliveryStatus StatusOf(Outcome outcome) => outcome switch
    {
        Outcome.Sent => DeliveryStatus.Sent,
        Outcome.Withheld => DeliveryStatus.Withheld,
        Outcome.Postponed => DeliveryStatus.Pending,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
