using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Values;
using Lifecycle.Ingestion.Json;
using NodaTime;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>Something about a stored message that its sender surely did not mean.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
public readonly record struct IntakeWarning(string Code, string Message);

/// <summary>Gathers the remarks on one message: what is stored as it came and yet is read by no rule, or otherwise than it says.</summary>
/// <remarks>One of these is used for any number of messages, one after another.</remarks>
internal sealed class IntakeWarnings(SenderContract contract)
{
    /// <summary>The most remarks on one message.</summary>
    public const int PerMessageMax = 8;

    private const int ShownMax = 60;

    private readonly List<IntakeWarning> _remarks = [];

    /// <summary>All remarks since the last; null where there are none.</summary>
    public IReadOnlyList<IntakeWarning>? Take()
    {
        if (_remarks.Count == 0) return null;
        var taken = _remarks.ToArray();
        _remarks.Clear();
        return taken;
    }

    /// <summary>On the time of a stored message.</summary>
    /// <param name="frozen">The tenant's own clock says when live events happen, and which times have not come yet.</param>
    public void OnTime(in MessageParts parts, StampState state, bool imported, bool frozen)
    {
        switch (state)
        {
            case StampState.Unreadable:
                Add("timestamp_unreadable", $"The time {Shown(parts.SentTime)} cannot be read; the time of receipt counts.");
                break;
            case StampState.Future when !frozen:
                Add("timestamp_in_future", $"The time {Shown(parts.SentTime)} has not come yet; the time of receipt counts.");
                break;
            case StampState.Absent when imported:
                Add("timestamp_missing", "A historical event without a timestamp counts as of the time of receipt.");
                break;
        }
    }

    /// <summary>On what the message says.</summary>
    /// <param name="name">The name under which a touchpoint is stored; null for any other input.</param>
    /// <param name="vast">Whether some number in it is beyond what is counted.</param>
    public void OnContent(in MessageParts parts, string? name, bool vast)
    {
        if (!parts.HasKnownType) Add("unknown_type", $"{Shown(parts.Type!)} is no type of message that rules read; it is kept as it came.");
        OnObject(parts.Sent, "properties");
        OnObject(parts.Sent, "traits");
        OnObject(parts.Sent, "context");
        if (vast) OnNumbers(parts);
        if (name is not null && contract.Events.TryGetValue(name, out var declared))
            foreach (var (property, type) in declared) OnProperty(property, type, parts.AllProperties);
        if (parts.Type != "identify") return;
        foreach (var (attribute, type) in contract.Attributes) OnProperty(attribute, type, parts.AllTraits);
    }

    private void OnObject(JsonItem sent, string member)
    {
        if (sent[member] is { IsNull: false, IsObject: false })
            Add("not_an_object", $"{member} is no object of names and values; it is kept and no rule reads it.");
    }

    private void OnNumbers(in MessageParts parts)
    {
        var before = _remarks.Count;
        foreach (var part in (ReadOnlySpan<JsonItem>)[parts.AllProperties, parts.AllTraits])
        {
            foreach (var member in part.Members)
                if (IsVast(member.Value)) Add("number_out_of_bounds", Vast(member.Name));
        }
        if (_remarks.Count == before) Add("number_out_of_bounds", "A number in it is 10^19 or more; it is kept and counts as missing.");
    }

    private void OnProperty(string property, SentType type, JsonItem all)
    {
        var sent = all[property];
        if (sent.IsNull) return;
        if (type.IsMoney && all["currency"] is { Kind: JsonKind.Text } currency && contract.Currencies.Count > 0
            && !contract.Currencies.Contains(currency.Text))
            Add("other_currency",
                $"{Name(property)} is in {Shown(currency.Text)}, which is not the definition's currency and has no exchange; it counts as missing.");
        else if (type.Type == RuleType.Number ? sent.Kind == JsonKind.Number : type.Type == RuleType.Text && sent.Kind == JsonKind.Text) return;
        else if (IsVast(sent)) Add("number_out_of_bounds", Vast(property));
        else if (Conversions.Read(ToValue(sent), type.Type, contract.Zone).IsMissing)
            Add("property_type", $"{Name(property)} is read as {type.Word}, and {Shown(sent)} cannot be; it counts as missing.");
    }

    private static string Vast(string property) => $"{Name(property)} is 10^19 or more; it is kept and counts as missing.";

    private static bool IsVast(JsonItem item) => item.Kind is JsonKind.Number or JsonKind.Text && item.Text.Length is >= 4 and <= 400
        && double.TryParse(item.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) >= 1e19
        && item.Text.All(sign => char.IsAsciiDigit(sign) || sign is '+' or '-' or '.' or 'e' or 'E' or ' ');

    private static Value ToValue(JsonItem item) => item.Kind switch
    {
        JsonKind.Number when decimal.TryParse(item.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Value.Of(number),
        JsonKind.Text => Value.Of(item.Text),
        JsonKind.True => Value.True,
        JsonKind.False => Value.False,
        JsonKind.Null or JsonKind.Number or JsonKind.List or JsonKind.Record => Value.Missing,
    };

    private void Add(string code, string message)
    {
        var remark = new IntakeWarning(code, message);
        if (_remarks.Count < PerMessageMax && !_remarks.Contains(remark)) _remarks.Add(remark);
    }

    private static string Name(string property) => property.Length <= ShownMax ? property : property[..ShownMax] + "…";

    private static string Shown(JsonItem item) => item.Kind switch
    {
        JsonKind.Text => Shown(item.Text),
        JsonKind.Number => Name(item.Text),
        JsonKind.True => "true",
        JsonKind.False => "false",
        JsonKind.List => "a list",
        JsonKind.Record => "an object",
        JsonKind.Null => "nothing",
    };

    private static string Shown(string text) => $"'{Name(text)}'";
}
