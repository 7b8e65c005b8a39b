using System.Buffers.Binary;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using NodaTime;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain;

/// <summary>Puts values into bytes, small ones into few: seven bits a byte, times by their distance to others, ids and texts once.</summary>
/// <remarks>Handed to <see cref="StateCodec.Write(CustomerState, StateWriter)"/> it writes any number of states, one after another, in the same memory. Not for several
/// threads at once.</remarks>
public sealed class StateWriter
{
    private readonly Dictionary<EventId, int> _ids = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private byte[] _bytes = new byte[512];
    private int _length;

    internal byte[] ToArray() => _bytes[.._length];

    /// <summary>Begins anew, with the memory it has.</summary>
    internal void Clear()
    {
        _ids.Clear();
        _texts.Clear();
        _length = 0;
    }

    internal void Byte(byte value)
    {
        if (_length == _bytes.Length) Array.Resize(ref _bytes, _length * 2);
        _bytes[_length++] = value;
    }

    internal void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    internal void Whole(long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) Byte((byte)(rest | 0x80));
        Byte((byte)rest);
    }

    /// <summary>Small numbers of either sign in few bytes.</summary>
    internal void Signed(long value) => Whole((value << 1) ^ (value >> 63));

    internal void Instant(Instant instant) => Signed(instant.ToUnixTimeMilliseconds());

    internal void Optional(Instant? instant)
    {
        Flag(instant is not null);
        if (instant is { } known) Instant(known);
    }

    /// <summary>An id is written out where it first comes and named by a number from then on; 0 is no id.</summary>
    internal void Id(EventId id)
    {
        if (id == default)
        {
            Whole(0);
            return;
        }
        if (_ids.TryGetValue(id, out var known))
        {
            Whole(known);
            return;
        }
        Whole(_ids[id] = _ids.Count + 1);
        id.Value.TryWriteBytes(Room(16));
    }

    internal void Text(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            Whole(known);
            return;
        }
        Whole(_texts[text] = _texts.Count + 1);
        var size = Encoding.UTF8.GetByteCount(text);
        Whole(size);
        Encoding.UTF8.GetBytes(text, Room(size));
    }

    internal void Value(Value value)
    {
        Byte((byte)value.Type);
        switch (value.Type)
        {
            case ValueType.Missing:
                break;
            case ValueType.Text:
                Text(value.Text);
                break;
            case ValueType.List:
                Whole(value.Items.Count);
                foreach (var item in value.Items) Value(item);
                break;
            default:
                Decimal(value.Magnitude);
                break;
        }
    }

    /// <summary>The places after the point, then the digits; 255 and all sixteen bytes for what has more digits than a long holds.</summary>
    internal void Decimal(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        if (bits[2] == 0 && bits[1] >= 0)
        {
            Byte((byte)(bits[3] >> 16));
            var digits = ((long)bits[1] << 32) | (uint)bits[0];
            Signed(number < 0 ? -digits : digits);
            return;
        }
        Byte(255);
        var written = Room(16);
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteInt32LittleEndian(written[(i * 4)..], bits[i]);
    }

    internal void List<T>(IReadOnlyCollection<T> items, Action<StateWriter, T> write)
    {
        Whole(items.Count);
        foreach (var item in items) write(this, item);
    }

    internal void Map<T>(NameDictionary<T> map, Action<StateWriter, T> write)
    {
        Whole(map.Count);
        foreach (var (name, item) in map)
        {
            Text(name);
            write(this, item);
        }
    }

    /// <summary>The place of the next bytes, which the caller fills.</summary>
    private Span<byte> Room(int size)
    {
        if (_length + size > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + size, _bytes.Length * 2));
        _length += size;
        return _bytes.AsSpan(_length - size, size);
    }
}
