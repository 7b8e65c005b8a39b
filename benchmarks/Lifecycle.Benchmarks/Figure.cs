using System.Text.Json.Nodes;

namespace Lifecycle.Benchmarks;

/// <summary>One measured figure beside the limit measured in the same run, written as one line of JSON.</summary>
/// <param name="Limit">What the same machine reaches at most, in the same unit; null where there is none.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Limit)
{
    private readonly List<(string Name, double Value)> _more = [];

    /// <summary>Adds a further measure, named with its unit, such as <c>ack_p99_ms</c>.</summary>
    public Figure With(string name, double value)
    {
        _more.Add((name, value));
        return this;
    }

    /// <summary>Adds what was spent for each event: by the one who sends, and by the server with its PostgreSQL.</summary>
    public Figure With(CpuMeter meter, double events) =>
        With("client_us", meter.ClientSeconds * 1e6 / events).With("server_us", meter.ServerSeconds * 1e6 / events);

    public override string ToString()
    {
        var line = new JsonObject { ["name"] = Name, ["value"] = Rounded(Value), ["unit"] = Unit };
        if (Limit is { } limit) (line["limit"], line["ratio"]) = (Rounded(limit), Rounded(Ratio(limit)));
        foreach (var (name, value) in _more) line[name] = Rounded(value);
        return line.ToJsonString();
    }

    /// <summary>Always how much of the limit is reached: times are compared the other way round than rates.</summary>
    private double Ratio(double limit) => Unit.StartsWith("milliseconds", StringComparison.Ordinal) ? limit / Value : Value / limit;

    /// <summary>Three digits that mean something.</summary>
    private static double Rounded(double value) =>
        value == 0 || !double.IsFinite(value) ? 0 : Math.Abs(value) >= 100 ? Math.Round(value) : Math.Round(value, 2 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
}
