using System.Globalization;

namespace Lifecycle.Domain.Rules;

/// <summary>Decimal arithmetic that never throws: what does not fit is missing.</summary>
public static class Numbers
{
    /// <summary>The digits without trailing zeros, invariant: 2500315.63, 3, -0.5.</summary>
    public static string ToText(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>The number as it is stored: with at most nine decimals, halves rounded to even.</summary>
    public static decimal Stored(decimal number) => decimal.Round(number, 9, MidpointRounding.ToEven);

    public static decimal? Add(decimal a, decimal b) => Total(a, b, static (x, y) => x + y);
    public static decimal? Subtract(decimal a, decimal b) => Total(a, b, static (x, y) => x - y);
    public static decimal? Multiply(decimal a, decimal b) => Total(a, b, static (x, y) => x * y);
    public static decimal? Divide(decimal a, decimal b) => b == 0 ? null : Total(a, b, static (x, y) => x / y);

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
