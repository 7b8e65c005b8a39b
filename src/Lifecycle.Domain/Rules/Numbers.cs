using System.Globalization;

namespace Lifecycle.Domain.Rules;

/// <summary>Decimal arithmetic that never throws: what does not fit is missing.</summary>
public static class Numbers
{
    /// <summary>The digits without trailing zeros, invariant: 2500315.63, 3, -0.5.</summary>
    public static string ToText(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);

    public static decimal? Add(decimal a, decimal b) => Total(a, b, static (x, y) => x + y);
    public static decimal? Subtract(decimal a, decimal b) => Total(a, b, static (x, y) => x - y);
    public static decimal? Multiply(decimal a, decimal b) => Total(a, b, static (x, y) => x * y);
    public static decimal? Divide(decimal a, decimal b) => b == 0 ? null : Total(a, b, static (x, y) => x / y);

    /// <summary>The rest of a division with the sign of the divisor, as spreadsheets have it: of -1 by 7 it is 6.</summary>
    public static decimal? Modulo(decimal a, decimal b) => b == 0 ? null : Total(a, b, static (x, y) =>
        x % y is var rest && rest != 0 && rest < 0 != y < 0 ? rest + y : rest);

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
