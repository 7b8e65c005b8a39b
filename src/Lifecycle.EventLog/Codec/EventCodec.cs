using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;

namespace Lifecycle.EventLog.Codec;

/// <summary>Between the types of the domain and the JSON in the log's column <c>open</c>.</summary>
/// <remarks>Members are in snake_case and absent when null; members nobody knows are passed over, so that an input may carry its whole envelope.
/// What cannot be understood, because a later version wrote it, is read as <see cref="MessageReceived"/> where it is an input and refused
/// otherwise.</remarks>
public static class EventCodec
{
    /// <summary>An input's row as the machine reads it, with what is personal where it was opened.</summary>
    public static Recorded ToRecorded(LogRow row) => new(
        row.Position, row.RecordedAt, row.Clock, row.OccurredAt, row.Id, row.Imported, row.Hops,
        InputJson.Read(row.Name, row.Version, row.Open, row.Personal));

    /// <summary>A shard input's row as the machine reads it.</summary>
    /// <exception cref="InvalidDataException">The catalog does not know the name and version.</exception>
    public static RecordedShardInput ToShardInput(LogRow row) =>
        new(row.Position, row.RecordedAt, row.Clock, row.Id, ShardInputJson.Read(Known(EventKind.ShardInput, row), row.Open));

    /// <summary>A fact's row.</summary>
    /// <exception cref="InvalidDataException">The catalog does not know the name and version.</exception>
    public static Fact ToFact(LogRow row) => FactJson.Read(Known(EventKind.Fact, row), row.Open);

    /// <summary>A fact's row with its place among those of its cause.</summary>
    /// <exception cref="InvalidDataException">The row is not a fact or the catalog does not know its name and version.</exception>
    public static RecordedFact ToRecordedFact(LogRow row) => new(
        row.Id, row.Clock, row.Cause ?? throw Unreadable(row), row.Ordinal ?? throw Unreadable(row), ToFact(row));

    /// <summary>What the log needs to give this input back, and nothing else: without the envelope it came in.</summary>
    public static byte[] WriteOpen(Input input) => JsonReading.Write(writer => InputJson.WriteMembers(writer, input));

    public static byte[] WriteOpen(ShardInput input) => JsonReading.Write(writer => ShardInputJson.WriteMembers(writer, input));

    public static byte[] WriteOpen(Fact fact) => WriteOpen(fact, short.MaxValue);

    /// <summary>A fact in the form that a version of its catalog entry had.</summary>
    public static byte[] WriteOpen(Fact fact, short version) => JsonReading.Write(writer => FactJson.WriteMembers(writer, fact, version));

    /// <summary>Writes the members that are read back for this input into an object that the caller has opened and may add to.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, Input input) => InputJson.WriteMembers(writer, input);

    /// <summary>Wire name and version of an input: a touchpoint's own name, else the catalog's.</summary>
    public static (string Name, short Version) NameOf(Input input) => input is Touchpoint touchpoint
        ? (EventCatalog.TouchpointName(touchpoint.Name), EventCatalog.TouchpointVersion)
        : EventCatalog.Of(input) is { } entry ? (entry.Name, entry.Version)
            : throw new InvalidOperationException($"{input.GetType().Name} is not in the catalog.");

    private static Type Known(EventKind kind, LogRow row) =>
        EventCatalog.Find(kind, row.Name) is { } entry && row.Version <= entry.Version && row.Kind == kind ? entry.Type : throw Unreadable(row);

    private static InvalidDataException Unreadable(LogRow row) => new(
        $"Event {row.Position} of shard {row.Shard} is a {row.Kind} named {row.Name} in version {row.Version}, which this program does not know: "
        + "start the newer program.");
}
