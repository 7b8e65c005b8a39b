using System.Globalization;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Constants with the way they are written.</summary>
public static class Constants
{
    public static Constant Number(decimal number) => new(Measured.Of(number), number.ToString(CultureInfo.InvariantCulture));

    public static Constant Text(string text) => new(new Measured(Kind.Text, 0, text), $"'{text}'");

    public static Constant Truth(bool truth) => new(Measured.Of(truth), truth ? "true" : "false");

    public static Constant Hours(int hours) =>
        new(new Measured(Kind.Duration, hours * 3_600_000m), hours == 1 ? "1 hour" : ModelText.Hours(hours));
}
