using System.Text.Json;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;

namespace Lifecycle.Projections.Queries;

/// <summary>Puts together again what the log keeps in two parts: what anyone may read, and what is sealed under the customer's key.</summary>
internal static class JsonParts
{
    /// <summary>The whole of a row's JSON; without what is sealed where the key is gone.</summary>
    public static JsonObject Whole(LogRow row, byte[]? key)
    {
        var whole = Parse(row.Open.Span);
        if (row.Sealed is { } closed && key is not null && PersonalCipher.Decrypt(key, row.Id, closed.Span) is { } plain) Merge(whole, Parse(plain));
        return whole;
    }

    /// <summary>Takes a member out of an object, as an object of its own; null where it has none.</summary>
    public static JsonObject? Take(JsonObject from, string name)
    {
        if (from[name] is not JsonObject member) return null;
        from.Remove(name);
        return member;
    }

    /// <summary>Writes the values of an explanation as readers know them from everywhere else: a time, date or duration as its text, a number without
    /// the zeros at its end. The log says the type with the value, so that it can be read back.</summary>
    public static void MakePlain(JsonObject explanation)
    {
        explanation["value"] = Plain(explanation["value"]);
        if (explanation["parts"] is not JsonArray parts) return;
        foreach (var part in parts.OfType<JsonObject>()) MakePlain(part);
    }

    private static JsonNode? Plain(JsonNode? value) => value switch
    {
        JsonObject { Count: 1 } typed => typed.Single().Value?.DeepClone(),
        JsonArray list => new JsonArray([.. list.Select(Plain)]),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => JsonNode.Parse(Numbers.ToText(number.GetValue<decimal>())),
        var plain => plain?.DeepClone(),
    };

    private static JsonObject Parse(ReadOnlySpan<byte> json) =>
        JsonNode.Parse(json, documentOptions: StoredJson.Parsing) as JsonObject ?? [];

    private static void Merge(JsonObject into, JsonObject other)
    {
        foreach (var (name, value) in other.ToList())
        {
            if (value is JsonObject inner && into[name] is JsonObject present) Merge(present, inner);
            else
            {
                other.Remove(name);
                into[name] = value;
            }
        }
    }
}
