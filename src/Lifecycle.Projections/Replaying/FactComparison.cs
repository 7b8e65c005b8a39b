using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Log;

namespace Lifecycle.Projections.Replaying;

/// <summary>Compares the facts in the log with those that the inputs give.</summary>
internal static class FactComparison
{
    /// <summary>As many values of one fact as are told.</summary>
    private const int ValuesMax = 20;

    /// <summary>The facts of one customer that differ: those of one side only, and those that say something else.</summary>
    /// <param name="customerId">Null where it is not known; asked for by whoever reports.</param>
    public static IEnumerable<FactDifference> Differences(int shard, ReplayedCustomer life, string? customerId = null)
    {
        var (tenant, address) = (life.Tenant.Tenant, life.Address);
        var before = life.Stored.GroupBy(row => row.Id).ToDictionary(rows => rows.Key, rows => rows.ToList());
        var after = life.Facts.ToDictionary(fact => fact.Id);
        foreach (var (id, rows) in before)
        {
            var expected = InTheFormOf(rows[0], after.GetValueOrDefault(id), address.Tenant, address.Key);
            for (var i = 0; i < rows.Count; i++)
            {
                // A second fact under one id is one too many, whatever it says.
                var found = Compared(rows[i]);
                if (i > 0 || found != expected)
                    yield return new FactDifference(shard, tenant.Name, address.Key, customerId, id, found, i > 0 ? null : expected);
            }
        }
        foreach (var (id, fact) in after)
        {
            if (before.ContainsKey(id)) continue;
            yield return new FactDifference(shard, tenant.Name, address.Key, customerId, id, null,
                Compared(NewFact.Of(address.Tenant, address.Key, fact)));
        }
    }

    /// <summary>The values in which two facts differ.</summary>
    public static IReadOnlyList<ValueDifference> Values(ComparedFact stored, ComparedFact computed)
    {
        var values = new List<ValueDifference>();
        Add("clock", stored.Clock.ToIso(), computed.Clock.ToIso());
        Add("name", stored.Name, computed.Name);
        Add("version", $"{stored.Version}", $"{computed.Version}");
        Add("cause", stored.Cause.ToString(), computed.Cause.ToString());
        Add("ordinal", $"{stored.Ordinal}", $"{computed.Ordinal}");
        if (stored.Open != computed.Open) AddJson(values, stored.Open, computed.Open);
        return values;

        void Add(string path, string left, string right)
        {
            if (left != right) values.Add(new ValueDifference(path, left, right));
        }
    }

    private static void AddJson(List<ValueDifference> values, string stored, string computed)
    {
        var before = values.Count;
        try
        {
            using var left = JsonDocument.Parse(stored, StoredJson.Parsing);
            using var right = JsonDocument.Parse(computed, StoredJson.Parsing);
            Compare(values, "", left.RootElement, right.RootElement);
        }
        catch (JsonException)
        {
            // A damaged log is told as it is.
        }
        if (values.Count == before) values.Add(new ValueDifference("content", stored, computed));
    }

    /// <summary>Numbers differ when they are written differently: 26.3 and 26.30 are two facts to whoever reads bytes.</summary>
    private static void Compare(List<ValueDifference> values, string path, JsonElement stored, JsonElement computed)
    {
        if (values.Count >= ValuesMax || stored.GetRawText() == computed.GetRawText()) return;
        switch (stored.ValueKind, computed.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareMembers(values, path, stored, computed);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                for (var i = 0; i < Math.Max(stored.GetArrayLength(), computed.GetArrayLength()); i++)
                    CompareOptional(values, $"{path}[{i}]", i < stored.GetArrayLength() ? stored[i] : null, i < computed.GetArrayLength()
                        ? computed[i] : null);
                break;
            default:
                values.Add(new ValueDifference(path, stored.GetRawText(), computed.GetRawText()));
                break;
        }
    }

    private static void CompareMembers(List<ValueDifference> values, string path, JsonElement stored, JsonElement computed)
    {
        var names = stored.EnumerateObject().Concat(computed.EnumerateObject()).Select(member => member.Name).Distinct();
        foreach (var name in names)
            CompareOptional(values, path.Length == 0 ? name : $"{path}.{name}", Member(stored, name), Member(computed, name));
    }

    private static void CompareOptional(List<ValueDifference> values, string path, JsonElement? stored, JsonElement? computed)
    {
        if (stored is { } left && computed is { } right) Compare(values, path, left, right);
        else if (values.Count < ValuesMax) values.Add(new ValueDifference(path, stored?.GetRawText(), computed?.GetRawText()));
    }

    private static JsonElement? Member(JsonElement json, string name) => json.TryGetProperty(name, out var member) ? member : null;

    // What an earlier version of this program stored is compared in the form it had then.
    private static ComparedFact? InTheFormOf(LogRow stored, RecordedFact? computed, int tenant, CustomerKey customer)
    {
        if (computed is null) return null;
        var now = Compared(NewFact.Of(tenant, customer, computed));
        if (stored.Version >= now.Version) return now;
        return now with { Version = stored.Version, Open = Encoding.UTF8.GetString(EventCodec.WriteOpen(computed.Fact, stored.Version)) };
    }

    private static ComparedFact Compared(LogRow row) =>
        new(row.Clock, row.Name, row.Version, Encoding.UTF8.GetString(row.Open.Span), row.Cause!.Value, row.Ordinal!.Value);

    private static ComparedFact Compared(NewFact fact) =>
        new(fact.Clock, fact.Name, fact.Version, Encoding.UTF8.GetString(fact.Open), fact.Cause, fact.Ordinal);
}
