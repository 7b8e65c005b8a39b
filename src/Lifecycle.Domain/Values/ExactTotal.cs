namespace Lifecycle.Domain.Values;

/// <summary>A sum of numbers, exact: a whole number of billionths in 128 bits, so that neither the order of additions nor their grouping changes
/// it.</summary>
/// <remarks>Numbers come in below <see cref="Numbers.Bound"/>, so that more than ten thousand million of them fit.</remarks>
public readonly record struct ExactTotal(Int128 Billionths)
{
    private const long One = 1_000_000_000;

    // The digits of a decimal are 96 bits.
    private static readonly UInt128 DigitsMax = new(uint.MaxValue, ulong.MaxValue);

    /// <summary>A number of at most nine decimals; of more, the nearest, halves to even.</summary>
    public static ExactTotal Of(decimal number)
    {
        if (number.Scale > Numbers.DecimalsMax) number = decimal.Round(number, Numbers.DecimalsMax, MidpointRounding.ToEven);
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var scaled = (Int128)new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]) * PowerOfTen(
            Numbers.DecimalsMax - number.Scale);
        return new ExactTotal(bits[3] < 0 ? -scaled : scaled);
    }

    public static ExactTotal operator +(ExactTotal a, ExactTotal b) => new(a.Billionths + b.Billionths);
    public static ExactTotal operator -(ExactTotal a, ExactTotal b) => new(a.Billionths - b.Billionths);
    public static ExactTotal operator -(ExactTotal total) => new(-total.Billionths);
    public static bool operator <(ExactTotal a, ExactTotal b) => a.Billionths < b.Billionths;
    public static bool operator >(ExactTotal a, ExactTotal b) => a.Billionths > b.Billionths;

    /// <summary>The number without trailing zeros, to as many decimals as a decimal has room for, halves to even; null where it exceeds a
    /// decimal.</summary>
    public decimal? ToDecimal()
    {
        // Nearly all: below nine thousand million.
        if (Billionths <= long.MaxValue && Billionths >= -long.MaxValue) return Small((long)Billionths);
        var isNegative = Int128.IsNegative(Billionths);
        var digits = (UInt128)(isNegative ? -Billionths : Billionths);
        for (var dropped = 0; dropped <= Numbers.DecimalsMax; dropped++)
        {
            var unit = (UInt128)PowerOfTen(dropped);
            var (whole, rest) = UInt128.DivRem(digits, unit);
            if (rest * 2 > unit || (rest * 2 == unit && UInt128.IsOddInteger(whole))) whole++;
            if (whole > DigitsMax) continue;
            var low = (ulong)whole;
            return Numbers.Stored(
                new decimal((int)low, (int)(low >> 32), (int)(ulong)(whole >> 64), isNegative, (byte)(Numbers.DecimalsMax - dropped)));
        }
        return null;
    }

    private static decimal Small(long billionths)
    {
        if (billionths % One == 0) return billionths / One;
        var places = Numbers.DecimalsMax;
        for (; billionths % 10 == 0; places--) billionths /= 10;
        var digits = (ulong)Math.Abs(billionths);
        return new decimal((int)digits, (int)(digits >> 32), 0, billionths < 0, (byte)places);
    }

    internal static long PowerOfTen(int exponent)
    {
        var power = 1L;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }
}
