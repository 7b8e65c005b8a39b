using System.Globalization;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Tests.Oracle;
using Lifecycle.Domain.Values;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>A number has one form, however it came in and whatever it was added to.</summary>
public sealed class NumberTests
{
    private const string Decimals = """
        definition: decimals
        events: { order_completed: { price: number } }
        metrics: { spend: sum(order_completed.price in 10 days) }
        tracks:
          lifecycle:
            - stage: low
              when: spend < 100
            - stage: high
              when: spend >= 100
        """;

    private const string Split = """
        definition: split
        zone: UTC
        events: { t: { v: number } }
        metrics:
          day: sum(t.v in 1 days)
        tracks:
          lifecycle:
            - stage: low
              when: day < 40
            - stage: high
              when: day >= 40
        """;

    [Theory]
    [InlineData("26.30", "26.3")]
    [InlineData("100.000", "100")]
    [InlineData("-0.00", "0")]
    [InlineData("1e3", "1000")]
    [InlineData("0.0000000005", "0")] // Halves go to the even neighbour.
    [InlineData("0.0000000015", "0.000000002")]
    [InlineData("1234567890123456789.1234567895", "1234567890123456789.123456790")]
    [InlineData("9999999999999999999.999999999", "9999999999999999999.999999999")]
    [InlineData("9999999999999999999.9999999999", "")] // It would be rounded to the bound.
    [InlineData("10000000000000000000", "")]
    [InlineData("-1e19", "")]
    public void A_number_that_comes_in_is_rounded_to_nine_decimals_and_has_no_trailing_zeros(string written, string expected)
    {
        var value = Properties.Parse($$"""{"v":{{written}}}""").Get(["v"]);
        Assert.Equal(value, Conversions.Read(Value.Of(written), Lifecycle.Domain.Values.RuleType.Number, DateTimeZone.Utc));
        Assert.Equal(expected == "", value.IsMissing);
        if (expected == "") return;
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), value.Magnitude);
        Assert.Equal(expected.TrimEnd('0').TrimEnd('.') is "" ? "0" : expected.Contains('.', StringComparison.Ordinal) ? expected.TrimEnd('0') : expected,
            value.Magnitude.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void What_an_explanation_tells_has_one_form_whether_the_state_was_stored_in_between_or_not()
    {
        var (whole, parted) = (MachineRun.Of(Decimals)!, MachineRun.Of(Decimals)!);
        foreach (var e in (ModelEvent[])[Bought(0, 9.9m), Bought(11 * 24, 199.0m)])
        {
            whole.Apply(e);
            parted.SnapshotAndRestore();
            parted.Apply(e);
            parted.SnapshotAndRestore();
        }
        Assert.Equal(whole.Facts, parted.Facts);
        Assert.Equal(["199"], Sums(whole));
        Assert.Equal(["199"], Sums(parted));

        static IEnumerable<string> Sums(MachineRun run) => run.Facts.Select(fact => fact.Fact).OfType<StageChanged>().Select(move => move.Because).OfType<Explanation>()
            .Select(because => because.Parts[0].Value.Magnitude.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("9999999999999999999999999999", "low")]
    [InlineData("9999999999999999999", "low high low")]
    public void No_split_of_a_batch_changes_a_sum(string vast, string path)
    {
        var (whole, parted) = (MachineRun.Of(Split)!, MachineRun.Of(Split)!);
        foreach (var (e, at) in (IEnumerable<(ModelEvent, double)>)[(Gave(0, decimal.Parse(vast, CultureInfo.InvariantCulture)), 0), (Gave(12, 19.95m), 12),
            (Gave(25, 20.03m), 25), (Gave(26, 0), 26)])
        {
            whole.Apply(e);
            parted.SnapshotAndRestore();
            parted.LiveTo(e.Arrives - Duration.FromMilliseconds(1));
            parted.Apply(e);
        }
        Assert.Equal(path, string.Join(' ', whole.Facts.Select(fact => fact.Fact).OfType<StageChanged>().Select(move => move.To)));
        Assert.Equal(whole.Facts, parted.Facts);
        Assert.Equal(StateCodec.Write(whole.State), StateCodec.Write(parted.State));
        Assert.Equal(path == "low" ? [] : [24.0], whole.Facts.Where(fact => fact.Fact is StageChanged { From: "high" }).Select(fact => (fact.Clock - Start).TotalHours));
    }

    [Fact]
    public void A_sum_is_exact_however_much_larger_a_part_of_it_is()
    {
        var total = ExactTotal.Of(9999999999999999999m);
        var sum = Enumerable.Repeat(total, 4096).Aggregate(ExactTotal.Of(0.000000001m), (a, b) => a + b) - Enumerable.Repeat(total, 4096).Aggregate((a, b) => a + b);
        Assert.Equal(0.000000001m, sum.ToDecimal());
        Assert.Null(new ExactTotal(Int128.MaxValue).ToDecimal());
        Assert.Equal(decimal.MaxValue, ExactTotal.Of(decimal.MaxValue).ToDecimal());
        Assert.Equal(decimal.MinValue, ExactTotal.Of(decimal.MinValue).ToDecimal());
    }

    private static readonly Instant Start = Instant.FromUtc(2026, 3, 20, 0, 0);

    private static ModelEvent Bought(int hour, decimal price) => new(hour, Start + Duration.FromHours(hour), Start + Duration.FromHours(hour), "order_completed", [("price", price)]);

    private static ModelEvent Gave(int hour, decimal amount) => Bought(hour, amount) with { Name = "t", Properties = [("v", amount)] };
}
