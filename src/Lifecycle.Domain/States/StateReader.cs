using System.Buffers.Binary;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.States;

/// <summary>Takes out of bytes what <see cref="StateWriter"/> put there.</summary>
internal sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    private const long One = 1_000_000_000;
    private readonly List<RecordId> _ids = new(capacity: 32) { default };
    private readonly List<string> _texts = new(capacity: 16) { "" };
    private int _at;

    public byte Byte() => bytes.Span[_at++];

    public bool Flag() => Byte() != 0;

    public long Whole()
    {
        var (value, shift) = (0UL, 0);
        for (var part = Byte(); ; part = Byte(), shift += 7)
        {
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return (long)value;
        }
    }

    public int Count() => checked((int)Whole());

    public long Signed() => Whole() is var value ? (long)((ulong)value >> 1) ^ -(value & 1) : 0;

    public Instant Instant() => NodaTime.Instant.FromUnixTimeMilliseconds(Signed());

    public Instant? Optional() => Flag() ? Instant() : null;

    public RecordId Id()
    {
        var number = Count();
        if (number == _ids.Count) _ids.Add(new RecordId(new Guid(Take(16))));
        return _ids[number];
    }

    public string Text()
    {
        var number = Count();
        if (number == _texts.Count) _texts.Add(Encoding.UTF8.GetString(Take(Count())));
        return _texts[number];
    }

    public Value Value() => (RuleType)Byte() switch
    {
        RuleType.Missing => Lifecycle.Domain.Values.Value.Missing,
        RuleType.Text => Lifecycle.Domain.Values.Value.Of(Text()),
        RuleType.List => List(),
        RuleType.Truth => Lifecycle.Domain.Values.Value.Of(Decimal() == 1),
        RuleType.Time => Lifecycle.Domain.Values.Value.OfTime((long)Decimal()),
        RuleType.Date => Lifecycle.Domain.Values.Value.OfDays(Decimal()),
        RuleType.Duration => Lifecycle.Domain.Values.Value.OfDuration(Decimal()),
        RuleType.Number or RuleType.Sealed => Lifecycle.Domain.Values.Value.Of(Decimal()),
    };

    public decimal Decimal() => Total().ToDecimal() ?? 0;

    public ExactTotal Total()
    {
        var head = Byte();
        if (head == StateWriter.LongForm) return new ExactTotal((Int128)BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) * One);
        var digits = (Int128)(head >> 5 & 3);
        if (head >= 0x80)
        {
            var shift = 2;
            for (var part = Byte(); ; part = Byte(), shift += 7)
            {
                digits |= (Int128)(part & 0x7f) << shift;
                if (part < 0x80) break;
            }
        }
        var billionths = digits * Lifecycle.Domain.Values.ExactTotal.PowerOfTen(Numbers.DecimalsMax - (head & 0xf));
        return new ExactTotal((head & 0x10) != 0 ? -billionths : billionths);
    }

    public void List<T>(List<T> items, Func<StateReader, T> read)
    {
        for (var left = Whole(); left > 0; left--) items.Add(read(this));
    }

    public NameDictionary<T> Map<T>(Func<StateReader, T> read)
    {
        var map = new NameDictionary<T>();
        for (var left = Whole(); left > 0; left--) map = map.With(Text(), read(this));
        return map;
    }

    private Value List()
    {
        var items = new List<Value>();
        List(items, static reader => reader.Value());
        return Lifecycle.Domain.Values.Value.Of(new EquatableList<Value>([.. items]));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = bytes.Span.Slice(_at, count);
        _at += count;
        return taken;
    }
}
