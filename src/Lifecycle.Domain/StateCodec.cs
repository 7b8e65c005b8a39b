using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Stages;
using NodaTime;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain;

/// <summary>A customer's state as compact bytes and back. The first byte is the format's version.</summary>
/// <remarks>Writing what was read gives the same bytes. A state of a version that is not known is refused: it is a cache and can be rebuilt from the log.</remarks>
public static class StateCodec
{
    private const byte Version = 1;

    public static byte[] Write(CustomerState state)
    {
        using var stream = new MemoryStream(256);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        WriteHead(writer, state);
        WriteHistory(writer, state.History);
        WriteStanding(writer, state.Standing);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are of another version.</exception>
    public static CustomerState Read(ReadOnlyMemory<byte> bytes, CustomerKey customer)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        if (reader.ReadByte() is var version and not Version)
            throw new InvalidDataException($"The state of customer {customer} has format {version}; this version reads {Version}. Rebuild the states.");
        var state = ReadHead(reader, customer);
        state.History = ReadHistory(reader);
        ReadStanding(reader, state.Standing);
        return state;
    }

    private static void WriteHead(BinaryWriter writer, CustomerState state)
    {
        WriteInstant(writer, state.Clock);
        WriteOptional(writer, state.FirstSeen);
        WriteOptional(writer, state.LastSeen);
        writer.Write7BitEncodedInt64(state.LivedTo);
        writer.Write7BitEncodedInt(state.Release);
        writer.Write((byte)((state.Historical ? 1 : 0) | (state.HasLived ? 2 : 0)));
    }

    private static CustomerState ReadHead(BinaryReader reader, CustomerKey customer)
    {
        var state = new CustomerState(customer)
        {
            Clock = ReadInstant(reader),
            FirstSeen = ReadOptional(reader),
            LastSeen = ReadOptional(reader),
            LivedTo = reader.Read7BitEncodedInt64(),
            Release = reader.Read7BitEncodedInt(),
        };
        var flags = reader.ReadByte();
        (state.Historical, state.HasLived) = ((flags & 1) != 0, (flags & 2) != 0);
        return state;
    }

    private static void WriteHistory(BinaryWriter writer, History history)
    {
        writer.Write7BitEncodedInt(history.Series.Length);
        foreach (var series in history.Series)
        {
            writer.Write(series.Approximate);
            writer.Write7BitEncodedInt64(series.FoldedCount);
            WriteDecimal(writer, series.FoldedSum);
            writer.Write7BitEncodedInt(series.Entries.Count);
            foreach (var entry in series.Entries) WriteEntry(writer, entry);
        }
        WriteMap(writer, history.Attributes, WriteEntry);
        WriteMap(writer, history.Consents, static (writer, consent) =>
        {
            writer.Write(consent.Granted);
            WriteInstant(writer, consent.At);
            WriteId(writer, consent.Id);
        });
    }

    private static History ReadHistory(BinaryReader reader)
    {
        var history = new History { Series = new Series[reader.Read7BitEncodedInt()] };
        for (var slot = 0; slot < history.Series.Length; slot++)
        {
            var series = history.Series[slot] = new Series
            {
                Approximate = reader.ReadBoolean(),
                FoldedCount = reader.Read7BitEncodedInt64(),
                FoldedSum = ReadDecimal(reader),
            };
            var count = reader.Read7BitEncodedInt();
            for (var i = 0; i < count; i++) series.Insert(ReadEntry(reader));
        }
        ReadMap(reader, history.Attributes, ReadEntry);
        ReadMap(reader, history.Consents, static reader => new Consent(reader.ReadBoolean(), ReadInstant(reader), ReadId(reader)));
        return history;
    }

    private static void WriteStanding(BinaryWriter writer, Standing standing)
    {
        WriteList(writer, standing.Tracks, static (writer, track) =>
        {
            writer.Write(track.Track);
            writer.Write(track.Stage);
            WriteInstant(writer, track.Since);
            writer.Write7BitEncodedInt(track.Entries);
            WriteList(writer, track.EnteredTogether, static (writer, stage) => writer.Write(stage));
            writer.Write(track.Conflicted);
            WriteMap(writer, track.HeldSince, WriteInstant);
        });
        WriteList(writer, standing.Enrolments, static (writer, enrolment) =>
        {
            writer.Write(enrolment.Journey);
            writer.Write7BitEncodedInt(enrolment.Number);
            writer.Write7BitEncodedInt(enrolment.Release);
            writer.Write7BitEncodedInt(enrolment.NextStep);
            WriteInstant(writer, enrolment.WakeAt);
        });
        WriteMap(writer, standing.Participations, static (writer, participation) =>
        {
            writer.Write7BitEncodedInt(participation.Count);
            WriteInstant(writer, participation.LastStarted);
        });
        WriteList(writer, standing.Requests, static (writer, request) =>
        {
            WriteId(writer, request.Key);
            writer.Write(request.Channel);
            WriteInstant(writer, request.At);
            writer.Write((byte)(request.Outcome is { } outcome ? (int)outcome + 1 : 0));
        });
    }

    private static void ReadStanding(BinaryReader reader, Standing standing)
    {
        ReadList(reader, standing.Tracks, static reader =>
        {
            var (track, stage, since, entries) = (reader.ReadString(), reader.ReadString(), ReadInstant(reader), reader.Read7BitEncodedInt());
            var together = new List<string>();
            ReadList(reader, together, static reader => reader.ReadString());
            var restored = TrackStanding.Restore(track, stage, since, entries, together, reader.ReadBoolean());
            ReadMap(reader, restored.HeldSince, ReadInstant);
            return restored;
        });
        ReadList(reader, standing.Enrolments, static reader => new Enrolment(
            reader.ReadString(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), ReadInstant(reader)));
        ReadMap(reader, standing.Participations, static reader => new Participation(reader.Read7BitEncodedInt(), ReadInstant(reader)));
        ReadList(reader, standing.Requests, static reader => new Request(
            ReadId(reader), reader.ReadString(), ReadInstant(reader), reader.ReadByte() is var outcome and not 0 ? (Outcome)(outcome - 1) : null));
    }

    private static void WriteEntry(BinaryWriter writer, Entry entry)
    {
        WriteInstant(writer, entry.At);
        WriteId(writer, entry.Id);
        writer.Write7BitEncodedInt(entry.Count);
        writer.Write((byte)entry.Value.Type);
        if (entry.Value.Type == ValueType.Text) writer.Write(entry.Value.Text);
        else if (!entry.Value.IsMissing) WriteDecimal(writer, entry.Value.Magnitude);
    }

    private static Entry ReadEntry(BinaryReader reader)
    {
        var (at, id, count, type) = (ReadInstant(reader), ReadId(reader), reader.Read7BitEncodedInt(), (ValueType)reader.ReadByte());
        return new Entry(at, id, type switch
        {
            ValueType.Missing => Value.Missing,
            ValueType.Text => Value.Of(reader.ReadString()),
            ValueType.Truth => Value.Of(ReadDecimal(reader) == 1),
            ValueType.Time => Value.Of(Instant.FromUnixTimeMilliseconds((long)ReadDecimal(reader))),
            ValueType.Date => Value.Of(new LocalDate(1970, 1, 1).PlusDays((int)ReadDecimal(reader))),
            ValueType.Duration => Value.OfDuration(ReadDecimal(reader)),
            _ => Value.Of(ReadDecimal(reader)),
        }, count);
    }

    private static void WriteList<T>(BinaryWriter writer, List<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.Count);
        foreach (var item in items) write(writer, item);
    }

    private static void ReadList<T>(BinaryReader reader, List<T> items, Func<BinaryReader, T> read)
    {
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--) items.Add(read(reader));
    }

    private static void WriteMap<T>(BinaryWriter writer, SortedDictionary<string, T> map, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(map.Count);
        foreach (var (name, item) in map)
        {
            writer.Write(name);
            write(writer, item);
        }
    }

    private static void ReadMap<T>(BinaryReader reader, SortedDictionary<string, T> map, Func<BinaryReader, T> read)
    {
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--) map.Add(reader.ReadString(), read(reader));
    }

    private static void WriteOptional(BinaryWriter writer, Instant? instant)
    {
        writer.Write(instant is not null);
        if (instant is { } known) WriteInstant(writer, known);
    }

    private static Instant? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? ReadInstant(reader) : null;

    private static void WriteInstant(BinaryWriter writer, Instant instant) => writer.Write(instant.ToUnixTimeMilliseconds());

    private static Instant ReadInstant(BinaryReader reader) => Instant.FromUnixTimeMilliseconds(reader.ReadInt64());

    private static void WriteId(BinaryWriter writer, EventId id) => writer.Write(id.Value.ToByteArray());

    private static EventId ReadId(BinaryReader reader) => new(new Guid(reader.ReadBytes(16)));

    /// <summary>The four parts of a decimal in seven bits a byte: most amounts are small and take six bytes instead of sixteen.</summary>
    private static void WriteDecimal(BinaryWriter writer, decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        foreach (var part in bits) writer.Write7BitEncodedInt(part);
    }

    private static decimal ReadDecimal(BinaryReader reader)
    {
        Span<int> bits = stackalloc int[4];
        for (var i = 0; i < 4; i++) bits[i] = reader.Read7BitEncodedInt();
        return new decimal(bits);
    }
}
