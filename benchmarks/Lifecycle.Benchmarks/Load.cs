using System.Globalization;
using System.Text;
using Lifecycle.Domain.Events;

namespace Lifecycle.Benchmarks;

/// <summary>The load that every benchmark uses: touchpoints of about 250 bytes of JSON over 50,000 customers, a few of them very busy.</summary>
internal static class Load
{
    public const int Customers = 50_000;

    /// <summary><c>LIFECYCLE_BENCH_EVENTS</c>, by default 400,000.</summary>
    public static readonly int Events = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_BENCH_EVENTS") ?? "400000", CultureInfo.InvariantCulture);

    private static readonly string[] Names = ["session_start", "session_start", "session_start", "order_completed", "level_up"];

    /// <summary>A customer drawn with skew: the square of an even draw, so that the busiest hundredth has a tenth of the events.</summary>
    public static int Customer(Random random) => (int)(Customers * Math.Pow(random.NextDouble(), 2));

    public static string Name(Random random) => Names[random.Next(Names.Length)];

    public static byte[] Open(int number, Random random) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$$"""{"message_id":"node-next-1795310151863-{{{number:D12}}}","raw_name":"Order Completed","properties":{"revenue":{{{random.Next(100, 9999) / 100m}}},"currency":"CNY","sku":"sku-{{{random.Next(1000)}}}","level":{{{random.Next(60)}}},"server":"s{{{random.Next(40)}}}"},"timestamp":"2026-11-22T01:15:51.863Z"}"""));

    public static RecordId Id(int number) => new(StableHash.Of("bench", number.ToString(CultureInfo.InvariantCulture)));
}
