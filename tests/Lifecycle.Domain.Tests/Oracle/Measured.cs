namespace Lifecycle.Domain.Tests.Oracle;

public enum Kind { Missing, Number, Text, Truth, Time, Date, Duration, List }

/// <summary>A value as the oracle reckons with it.</summary>
/// <param name="Amount">The number; for times and durations milliseconds, for dates days since 1970, for truths 1 or 0.</param>
public readonly record struct Measured(Kind Kind, decimal Amount, string? Text = null)
{
    public static readonly Measured Missing;

    public bool IsMissing => Kind == Kind.Missing;
    public bool IsTrue => Kind == Kind.Truth && Amount == 1;

    public static Measured Of(decimal number) => new(Kind.Number, number);
    public static Measured Of(bool truth) => new(Kind.Truth, truth ? 1 : 0);

    public override string ToString() => IsMissing ? "missing" : $"{Kind} {Text ?? (Amount / 1.0000000000000000000000000000m).ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
