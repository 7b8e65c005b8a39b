using System.Diagnostics;
using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using NodaTime;

namespace Lifecycle.Benchmarks;

/// <summary>The machine alone: touchpoints folded and judged a second on one core, with the sample game's definition, beside parsing the same JSON and discarding it.</summary>
internal static class MachineBenchmark
{
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    public static async IAsyncEnumerable<Figure> RunAsync(IReadOnlySet<string> wanted)
    {
        yield return await Task.FromResult(Run());
    }

    private static Figure Run()
    {
        var release = SampleGame.Compile();
        var machine = new CustomerMachine("bench", number => number == release.Number ? release : Release.None);
        var random = new Random(1);
        var inputs = Enumerable.Range(0, Load.Events).Select(number => (Customer: Load.Customer(random), Json: Load.Open(number, random), Name: Load.Name(random))).ToList();
        Fold(machine, release, inputs); // The first time through is the compiler's.

        var meter = new CpuMeter();
        var watch = Stopwatch.StartNew();
        var states = Fold(machine, release, inputs);
        var folded = inputs.Count / watch.Elapsed.TotalSeconds;
        var cpu = meter.ClientSeconds * 1e6 / inputs.Count;

        watch.Restart();
        foreach (var (_, json, _) in inputs) Parse(json);
        var parsed = inputs.Count / watch.Elapsed.TotalSeconds;
        var bytes = states.Select(state => StateCodec.Write(state).Length).Order().ToList();
        return new Figure("machine", folded, "touchpoints per core-second", parsed)
            .With("client_us", cpu).With("state_bytes_median", bytes[bytes.Count / 2]).With("state_bytes_p99", bytes[bytes.Count * 99 / 100]);
    }

    private static IReadOnlyCollection<CustomerState> Fold(CustomerMachine machine, Release release, List<(int Customer, byte[] Json, string Name)> inputs)
    {
        var states = new Dictionary<int, CustomerState>();
        var facts = new List<RecordedFact>();
        for (var number = 0; number < inputs.Count; number++)
        {
            var (customer, json, name) = inputs[number];
            if (!states.TryGetValue(customer, out var state))
                states[customer] = state = new CustomerState(new CustomerKey(new Guid(customer, 0, 0, new byte[8]))) { Release = release.Number };
            var clock = Start + Duration.FromMilliseconds(number * 500L);
            var touchpoint = new Touchpoint(name, PropertiesOf(json));
            machine.Apply(state, new Recorded(number + 1, clock, clock, clock, new RecordId(new Guid(number, 1, 0, new byte[8])), false, 0, touchpoint), facts);
            facts.Clear();
        }
        return states.Values;
    }

    private static Properties PropertiesOf(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("properties"u8)) continue;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return new Properties(json.AsMemory(start, (int)reader.BytesConsumed - start));
        }
        return Properties.None;
    }

    private static void Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = reader.GetString();
    }
}
