using System.Buffers.Binary;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.States;

/// <summary>Puts values into bytes, small ones into few: seven bits a byte, times by their distance to others, ids and texts once.</summary>
/// <remarks>Handed to <see cref="StateCodec.Write(CustomerState, StateWriter)"/> it writes any number of states, one after another, in the same
/// memory. Not for several threads at once.</remarks>
public sealed class StateWriter
{
    private readonly Dictionary<RecordId, int> _ids = [];
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
    internal void Id(RecordId id)
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
            case RuleType.Missing:
                break;
            case RuleType.Text:
                Text(value.Text);
                break;
            case RuleType.List:
                Whole(value.Items.Count);
                foreach (var item in value.Items) Value(item);
                break;
            default:
                Decimal(value.Magnitude);
                break;
        }
    }

    /// <summary>A number of at most nine decimals.</summary>
    internal void Decimal(decimal number) => Total(Lifecycle.Domain.Values.ExactTotal.Of(number));

    /// <summary>A byte of how many decimals there are, the sign and the last two bits, then the others, seven to a byte. Long whole numbers, such as
    /// hashes, are eight bytes behind the number 15.</summary>
    internal void Total(ExactTotal total)
    {
        var (places, digits, isNegative) = Digits(total);
        if (places == 0 && !isNegative && digits <= ulong.MaxValue && digits >= LongMin)
        {
            Byte(LongForm);
            BinaryPrimitives.WriteUInt64LittleEndian(Room(8), (ulong)digits);
            return;
        }
        var rest = digits >> 2;
        Byte((byte)(places | (isNegative ? 0x10 : 0) | ((int)(uint)digits & 3) << 5 | (rest != 0 ? 0x80 : 0)));
        for (; rest >= 0x80; rest >>= 7) Byte((byte)((byte)rest | 0x80));
        if (digits >> 2 != 0) Byte((byte)rest);
    }

    /// <summary>How many bytes a number takes.</summary>
    internal static int BytesOf(ExactTotal total)
    {
        var (places, digits, isNegative) = Digits(total);
        if (places == 0 && !isNegative && digits <= ulong.MaxValue && digits >= LongMin) return 9;
        var bits = digits == 0 ? 0 : (int)UInt128.Log2(digits) + 1;
        return 1 + (Math.Max(0, bits - 2) + 6) / 7;
    }

    internal const byte LongForm = 15;
    private const ulong LongMin = 1UL << 52;

    /// <summary>How many decimals a number has, and its digits without trailing zeros behind the point.</summary>
    private static (int Places, UInt128 Digits, bool IsNegative) Digits(ExactTotal total)
    {
        var isNegative = Int128.IsNegative(total.Billionths);
        var (digits, places) = ((UInt128)(isNegative ? -total.Billionths : total.Billionths), Numbers.DecimalsMax);
        if (digits == 0) return (0, 0, false);
        if (digits <= ulong.MaxValue)
        {
            var few = (ulong)digits;
            if (few % 1_000_000_000 == 0) return (0, few / 1_000_000_000, isNegative);
            for (; few % 10 == 0; places--) few /= 10;
            return (places, few, isNegative);
        }
        for (; places > 0 && digits % 10 == 0; places--) digits /= 10;
        return (places, digits, isNegative);
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
