using System.Globalization;

namespace Lifecycle.Domain.Values;

/// <summary>Decimal arithmetic that never throws, where what does not fit is missing, and the one form of numbers that come in and are
/// stored.</summary>
public static class Numbers
{
    /// <summary>As many decimals as a number has that came in or is stored.</summary>
    public const int DecimalsMax = 9;

    /// <summary>A number that comes in lies nearer to zero than this.</summary>
    public const decimal Bound = 10_000_000_000_000_000_000m;

    /// <summary>The digits without trailing zeros, invariant: 2500315.63, 3, -0.5.</summary>
    public static string ToText(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>A number that comes in: to nine decimals, halves to even, without trailing zeros; null where it is not below
    /// <see cref="Bound"/>.</summary>
    public static decimal? Entering(decimal number) => Stored(number) is var entered && Math.Abs(entered) < Bound ? entered : null;

    /// <summary>A number that leaves an expression to be stored or told: to nine decimals, halves to even, without trailing zeros.</summary>
    public static decimal Stored(decimal number) =>
        WithoutTrailingZeros(number.Scale > DecimalsMax ? decimal.Round(number, DecimalsMax, MidpointRounding.ToEven) : number);

    public static decimal? Add(decimal a, decimal b) => Total(a, b, static (x, y) => x + y);
    public static decimal? Subtract(decimal a, decimal b) => Total(a, b, static (x, y) => x - y);
    public static decimal? Multiply(decimal a, decimal b) => Total(a, b, static (x, y) => x * y);
    public static decimal? Divide(decimal a, decimal b) => b == 0 ? null : Total(a, b, static (x, y) => x / y);

    /// <summary>The rest of a division with the sign of the divisor, as spreadsheets have it: of -1 by 7 it is 6.</summary>
    public static decimal? Modulo(decimal a, decimal b) => b == 0 ? null : Total(a, b, static (x, y) =>
        x % y is var rest && rest != 0 && rest < 0 != y < 0 ? rest + y : rest);

    private static decimal WithoutTrailingZeros(decimal number)
    {
        if (number == 0) return 0; // A zero below zero has a sign of its own.
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var (places, high) = ((int)number.Scale, (uint)bits[2]);
        if (places == 0) return number;
        var low = ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
        if (high == 0)
        {
            for (; places > 0 && low % 10 == 0; places--) low /= 10;
        }
        else
        {
            var digits = new UInt128(high, low);
            for (; places > 0 && digits % 10 == 0; places--) digits /= 10;
            (high, low) = ((uint)(ulong)(digits >> 64), (ulong)digits);
        }
        return new decimal((int)low, (int)(low >> 32), (int)high, number < 0, (byte)places);
    }

    private static decimal? Total(decimal a, decimal b, Func<decimal, decimal, decimal> operation)
    {
        try
        {
            return operation(a, b);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
