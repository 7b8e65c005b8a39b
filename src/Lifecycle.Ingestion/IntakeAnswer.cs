using Lifecycle.EventLog.Database;

namespace Lifecycle.Ingestion;

/// <summary>An event that was not stored, as the sender is told.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
public sealed record Rejection(int Index, string? MessageId, string Code, string Message);

/// <summary>Something about a stored event that its sender surely did not mean.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
public sealed record Warning(int Index, string Code, string Message);

/// <summary>What intake answers. Every status is one that SDKs take well: none of them loses events by it or sends them for ever.</summary>
/// <param name="Status">200, 400, 401, 413, 415, 429, 503 or 507.</param>
/// <param name="Code">Stable, for programs; <c>stored</c> with 200.</param>
/// <param name="Message">A sentence, for people.</param>
public sealed record IntakeAnswer(int Status, string Code, string Message)
{
    /// <summary>How far the sender's events reach, as <see cref="SeenToken"/> writes it for their tenant; empty unless the status is 200.</summary>
    public string Seen { get; init; } = "";

    /// <summary>How many events are in the log now and were not before.</summary>
    public int Appended { get; init; }

    /// <summary>How many events were in the log already, with the same content.</summary>
    public int Duplicates { get; init; }

    /// <summary>The events that were refused or conflict with one in the log, in the order of the batch.</summary>
    public IReadOnlyList<Rejection> Rejected { get; init; } = [];

    /// <summary>What is odd about events that were stored, in the order of the batch: <see cref="WarningsMax"/> at most.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>How many warnings there are beyond those listed.</summary>
    public int WarningsLeftOut { get; init; }

    /// <summary>The most warnings of one answer.</summary>
    public const int WarningsMax = 1000;

    /// <summary>Whole seconds after which to come again, with 429, 503 and 507.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The answer to a body that stopped coming. Not 408: SDKs throw the batch away on it.</summary>
    public static readonly IntakeAnswer UploadStalled =
        new(503, "upload_stalled", "The request stopped coming before its end; send it again.") { RetryAfterSeconds = 2 };

    /// <summary>The answer to a failure of the database that may pass: 507 when its disk is full, else 503.</summary>
    public static IntakeAnswer Unavailable(Exception failure) => Outages.Of(failure) switch
    {
        Outage.DiskFull => DiskShort("disk_full", Outage.DiskFull.Advice()),
        Outage.ReadOnly => new(503, "read_only", Outage.ReadOnly.Advice()) { RetryAfterSeconds = 2 },
        Outage.Away or Outage.Crowded =>
            new(503, "unavailable", "The log does not answer; come again with the same message ids.") { RetryAfterSeconds = 2 },
    };

    internal const int DiskShortStatus = 507;

    internal static IntakeAnswer DiskShort(string code, string sentence) =>
        new(DiskShortStatus, code, sentence + " Events are taken in again by themselves then; send these again.") { RetryAfterSeconds = 30 };
}
