using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Encryption;
using NodaTime;

namespace Lifecycle.EventLog.Log;

/// <summary>An input on its way into the log.</summary>
/// <param name="Id">A stable hash of the message id, or a derived id. Equal ids of one customer mean the same event.</param>
/// <param name="Content">A stable hash of what was sent, without the sending's own stamps: tells a repetition from a conflict.</param>
/// <param name="Name">The wire name; a touchpoint's own.</param>
/// <param name="Open">JSON in UTF-8, nothing personal.</param>
/// <param name="Sealed">What is personal, closed by <see cref="PersonalCipher"/>; null where nothing is.</param>
/// <param name="OccurredAt">As the sender says; the log lets it be neither later than its own time nor before
/// <see cref="Lifecycle.EventLog.Sql.LogStatements.OccurredAtMin"/>.</param>
/// <param name="Imported">Part of an imported history: its clock is when it occurred.</param>
/// <param name="Hops">How many machines handed it on; zero from outside.</param>
/// <param name="Test">Of a test tenant, whose clock decides.</param>
public sealed record NewInput(CustomerRef Customer, RecordId Id, Guid Content, string Name, short Version, byte[] Open, byte[]? Sealed,
    Instant OccurredAt, bool Imported, int Hops, bool Test);

/// <summary>What became of an input.</summary>
public enum AppendResult : byte
{
    /// <summary>It is in the log now.</summary>
    Appended = 0,

    /// <summary>It was there already, with the same content: success, nothing was written.</summary>
    Duplicate = 1,

    /// <summary>Another event bears its id; that one is kept and this one was not written.</summary>
    Conflict = 2,

    /// <summary>Its customer was erased; it was not written.</summary>
    Erased = 3,
}

/// <param name="Position">Of the event that is in the log under this id: the own one or the first; zero where there is none.</param>
public readonly record struct AppendOutcome(AppendResult Result, int Shard, long Position);
