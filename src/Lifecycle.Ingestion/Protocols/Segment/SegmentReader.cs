using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.EventLog.Codec;
using Lifecycle.Ingestion.Json;
using Lifecycle.Ingestion.Personal;
using NodaTime;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>Reads the messages of one body, each by itself: either it may be stored or it says why not.</summary>
/// <param name="historical">Whether the request as a whole is marked as history.</param>
/// <param name="received">By this process's clock; used to correct the clocks of devices, and to tell times that have not come yet.</param>
/// <param name="contract">What the tenant's release asks of senders; null for nothing.</param>
/// <param name="frozen">The tenant has a clock of its own.</param>
public sealed class SegmentReader(
    SegmentRoute route, SegmentBody body, ClockMode clock, bool historical, Instant received, SenderContract? contract = null, bool frozen = false)
    : IDisposable
{
    /// <summary>The most bytes of one event, together with the context that its batch shares.</summary>
    public const int EventSizeMax = 32 * 1024;

    /// <summary>The longest id of a customer or a group, in characters.</summary>
    public const int IdLengthMax = 512;

    /// <summary>The longest name of an event, in characters.</summary>
    public const int NameLengthMax = 200;

    /// <summary>A longer message id is replaced by its hash.</summary>
    public const int MessageIdLengthMax = 100;

    private readonly JsonItemReader _items = new();
    private readonly JsonBytes _bytes = new();
    private readonly ContentHash _content = new();
    private readonly SenderContract _contract = contract ?? SenderContract.None;
    private readonly IntakeWarnings _remarks = new(contract ?? SenderContract.None);

    /// <summary>The message at a place in the body, or its refusal; never both. Not for several threads at once.</summary>
    public (SegmentMessage? Message, Refusal? Refusal) Read(int index)
    {
        var raw = body.Messages[index];
        if (raw.Length + body.ContextSize > EventSizeMax) return (null, Refusal.TooLarge(raw, EventSizeMax));
        if (body.ContextIsTooDeep || _items.Read(raw.Span) is not { } sent)
            return (null, Refusal.Unreadable(
                "event_too_deep", $"An event may nest at most {JsonCleaner.DepthMax} objects and lists, with the context of its batch.", raw));
        if (!sent.IsObject) return (null, Refusal.Unreadable("not_an_object", "Every event must be a JSON object.", raw));
        var message = new MessageParts(sent, route.Type, body.Context, _bytes, _contract);
        var messageId = MessageId(sent);
        var imported = historical || IsHistorical(sent["historical"]);
        var sentAt = sent["sentAt"].IsNull ? body.SentAt : sent["sentAt"];
        var stamp = Stamps.OccurredAt(sent["timestamp"], sent["originalTimestamp"], sentAt, clock, imported, received, _contract.Zone);
        return (Judge(message) ?? (imported ? JudgeHistory(stamp.State) : null)) is { } complaint
            ? (null, new(messageId, message.CustomerId, complaint.Code, complaint.Message, message.WithoutPersonal()))
            : (ToMessage(message, messageId ?? Guid.CreateVersion7().ToString(), sentAt, stamp, imported), null);
    }

    public void Dispose() => _bytes.Dispose();

    private SegmentMessage ToMessage(in MessageParts parts, string messageId, JsonItem sentAt, Stamp stamp, bool imported)
    {
        var input = ToInput(parts);
        var (name, version) = EventCodec.NameOf(input);
        _remarks.OnTime(parts, stamp.State, imported, frozen);
        _remarks.OnContent(parts, input is Touchpoint ? name : null, _items.SawVastNumber);
        return new(messageId, parts.CustomerId!, name, version,
            parts.WriteOpen(input, messageId, sentAt), parts.WritePersonal(), parts.HasPersonalForRules, parts.Content(_content), stamp.OccurredAt,
                imported)
        {
            Remarks = _remarks.Take(),
        };
    }

    private Input ToInput(in MessageParts parts) => parts.Type switch
    {
        "track" => ToTouchpoint(parts.Name!, parts.Properties),
        "page" or "screen" => new Touchpoint(parts.Name!, ToProperties(parts.Properties)),
        "identify" => new ProfileChanged(ToProperties(parts.Traits)),
        "group" => new GroupJoined(parts.GroupId!, ToProperties(parts.Traits)),
        "alias" => new IdentityLinked(parts.PreviousId!),
        _ => new MessageReceived(parts.Type!, ToProperties(parts.Properties)),
    };

    private Touchpoint ToTouchpoint(string name, JsonItem properties) => new(name, ToProperties(Refunds.Signed(name, properties)));

    private Properties ToProperties(JsonItem open) =>
        open.Members.IsEmpty ? Lifecycle.Domain.Events.Properties.None : new Properties(_bytes.Write(open));

    /// <summary>History whose time nobody knows would stand in the wrong place for ever, and must be sent again.</summary>
    private (string Code, string Message)? JudgeHistory(StampState state) => state switch
    {
        StampState.Unreadable => ("timestamp_unreadable",
            "The time of a historical event must be ISO 8601, or seconds or milliseconds since 1970, from 1900 to 9998."),
        StampState.Future when !frozen => ("timestamp_in_future", "The time of a historical event cannot lie in the future."),
        StampState.Read or StampState.Absent or StampState.Future => null,
    };

    private static (string Code, string Message)? Judge(in MessageParts parts)
    {
        if (parts.MemberOfWrongType is { } member) return ("wrong_type", $"{member} must be a text or a number.");
        if (parts.Type is null) return ("type_missing", "The event needs a type, such as track.");
        if (parts.Type.Length > NameLengthMax) return ("type_too_long", $"A type may have at most {NameLengthMax} characters.");
        if (parts.CustomerId is null) return ("customer_missing", "The event needs a userId or an anonymousId.");
        if (parts.CustomerId.Length > IdLengthMax) return ("id_too_long", $"An id may have at most {IdLengthMax} characters.");
        if (parts.Secret == ForbiddenContent.Password) return ("password_refused", "An event must hold no password; send it again without.");
        if (parts.Secret == ForbiddenContent.CardNumber)
            return ("card_number_refused",
                "An event must hold no card number; send it again without, or with its last four digits. What only looks like one is taken where "
                + "the definition declares it.");
        return parts.Type switch
        {
            "track" when parts.Event is null => ("event_missing", "A track call needs the name of its event."),
            "track" when parts.Event.Length > NameLengthMax => ("name_too_long", $"An event's name may have at most {NameLengthMax} characters."),
            "group" when parts.GroupId is null => ("group_missing", "A group call needs a groupId."),
            "group" when parts.GroupId.Length > IdLengthMax => ("id_too_long", $"An id may have at most {IdLengthMax} characters."),
            "alias" when parts.UserId is null => ("user_missing", "An alias call needs a userId."),
            "alias" when parts.PreviousId is null => ("previous_id_missing", "An alias call needs a previousId."),
            "alias" when parts.PreviousId.Length > IdLengthMax => ("id_too_long", $"An id may have at most {IdLengthMax} characters."),
            _ => null,
        };
    }

    private static string? MessageId(JsonItem sent) => IdText(sent["messageId"]) switch
    {
        { Length: > MessageIdLengthMax } text => StableHash.Of(text).ToString("n"),
        var text => text,
    };

    private static bool IsHistorical(JsonItem mark) => mark.Kind == JsonKind.True || (mark.Kind == JsonKind.Text && mark.Text == "true");

    /// <summary>An id as text: numbers become their digits; what is empty, blank or neither text nor number is missing.</summary>
    internal static string? IdText(JsonItem item) => item.Kind switch
    {
        JsonKind.Text when !string.IsNullOrWhiteSpace(item.Text) => item.Text,
        JsonKind.Number => Numbers.ToText(decimal.Parse(item.Text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        JsonKind.Null or JsonKind.False or JsonKind.True or JsonKind.Text or JsonKind.List or JsonKind.Record => null,
    };
}
