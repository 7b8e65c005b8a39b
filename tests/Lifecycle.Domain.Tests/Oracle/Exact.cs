using System.Globalization;
using System.Numerics;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Numbers as they come in and as they are added up, by whole numbers of any length.</summary>
public static class Exact
{
    private static readonly BigInteger DigitsMax = BigInteger.Pow(2, 96) - 1;

    /// <summary>A number that comes in; null for one that is too large.</summary>
    public static decimal? Entering(decimal number)
    {
        var rounded = Rounded(number);
        return rounded is > -10_000_000_000_000_000_000m and < 10_000_000_000_000_000_000m ? rounded : null;
    }

    /// <summary>To nine decimals, of two that are equally near the even one, without zeros at the end.</summary>
    public static decimal Rounded(decimal number) => Math.Round(number, 9, MidpointRounding.ToEven) / 1.0000000000000000000000000000m;

    /// <summary>The sum, to as many decimals as a decimal has room for; null where it has none.</summary>
    public static decimal? Sum(IEnumerable<decimal> numbers)
    {
        var billionths = BigInteger.Zero;
        foreach (var number in numbers) billionths += Billionths(number);
        for (var places = 9; places >= 0; places--)
        {
            var digits = Quotient(billionths, BigInteger.Pow(10, 9 - places));
            if (BigInteger.Abs(digits) > DigitsMax) continue;
            var written = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
            var number = decimal.Parse($"{written[..^places]}.{written[^places..]}", CultureInfo.InvariantCulture);
            return (digits.Sign < 0 ? -number : number) / 1.0000000000000000000000000000m;
        }
        return null;
    }

    private static BigInteger Billionths(decimal number)
    {
        var whole = decimal.Truncate(number);
        return new BigInteger(whole) * 1_000_000_000 + new BigInteger((number - whole) * 1_000_000_000);
    }

    /// <summary>Of two that are equally near the even one.</summary>
    private static BigInteger Quotient(BigInteger number, BigInteger divisor)
    {
        var (quotient, rest) = BigInteger.DivRem(number, divisor);
        var side = (2 * BigInteger.Abs(rest)).CompareTo(divisor);
        return side > 0 || (side == 0 && !quotient.IsEven) ? quotient + number.Sign : quotient;
    }
}
