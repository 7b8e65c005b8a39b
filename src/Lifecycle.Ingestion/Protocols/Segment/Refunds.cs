using System.Globalization;
using Lifecycle.Ingestion.Json;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>What is given back is stored as negative revenue, whichever way the sender counts it.</summary>
internal static class Refunds
{
    private const string Revenue = "revenue", RawRevenue = "raw_revenue";

    /// <summary>The properties with a positive revenue of a refund or chargeback made negative, digit for digit, and the value sent beside it as
    /// <c>raw_revenue</c>, unless the sender has a property of that name. All others as they are.</summary>
    /// <param name="name">The event's canonical name.</param>
    public static JsonItem Signed(string name, JsonItem properties)
    {
        if (name is not ("order_refunded" or "chargeback") || Negative(properties[Revenue]) is not { } negative) return properties;
        var members = new List<JsonMember>(properties.Members.Length + 1);
        foreach (var member in properties.Members)
        {
            members.Add(member.Name == Revenue ? member with { Value = negative } : member);
            if (member.Name == Revenue && properties[RawRevenue].IsNull) members.Add(new(RawRevenue, member.Value));
        }
        return JsonItem.OfObject([.. members.Where(member => member.Name != RawRevenue || !member.Value.IsNull)]);
    }

    private static JsonItem? Negative(JsonItem revenue)
    {
        if (revenue.Kind is not (JsonKind.Number or JsonKind.Text)
            || !decimal.TryParse(revenue.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) || amount <= 0) return null;
        var digits = "-" + revenue.Text.Trim().TrimStart('+');
        return revenue.Kind == JsonKind.Number ? JsonItem.OfNumber(digits) : JsonItem.OfText(digits);
    }
}
