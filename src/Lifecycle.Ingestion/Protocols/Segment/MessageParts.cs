using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.Ingestion.Json;
using Lifecycle.Ingestion.Personal;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>One message taken apart: what the machine reads, what lies open beside it, and what is personal.</summary>
/// <remarks>A value: there is one for every message, and none is needed once its message is read.</remarks>
internal readonly struct MessageParts
{
    private const string PageViewed = "page_viewed", ScreenViewed = "screen_viewed";

    private readonly JsonBytes _bytes;
    private readonly JsonItem _wholeContext;
    private readonly string? _routeType;
    private readonly SplitObject _properties, _traits, _context, _extra;

    public MessageParts(JsonItem sent, string? routeType, JsonItem sharedContext, JsonBytes bytes, SenderContract contract)
    {
        (_bytes, _routeType) = (bytes, routeType);
        Sent = sent;
        Type = routeType ?? SegmentReader.IdText(sent["type"])?.ToLowerInvariant();
        UserId = SegmentReader.IdText(sent["userId"]);
        AnonymousId = SegmentReader.IdText(sent["anonymousId"]);
        CustomerId = UserId ?? (AnonymousId is { } id ? "anonymous:" + id : null);
        Event = SegmentReader.IdText(sent["event"]);
        _wholeContext = Merged(sharedContext, sent["context"]);
        var isPage = Type is "page" or "screen";
        AllProperties = ObjectOrNone(isPage ? WithNameAndCategory(sent) : sent["properties"]);
        AllTraits = ObjectOrNone(TraitsOf(sent, _wholeContext));
        Name = Type switch
        {
            "track" when Event is { Length: <= SegmentReader.NameLengthMax } => NameTable.StoredName(Event, contract.Names),
            "page" => PageViewed,
            "screen" => ScreenViewed,
            _ => null,
        };
        var declared = contract.Personal;
        var properties = new Declarations(Name is null ? null : declared.PropertiesOf(Name), declared.SealUndeclared);
        _properties = PersonalData.Part(AllProperties, isPage ? Section.PageProperties : Section.Properties, properties);
        // What is given back is negative wherever it lies.
        if (Name is not null) _properties = _properties with { Sealed = Refunds.Signed(Name, _properties.Sealed) };
        _traits = PersonalData.Part(AllTraits, Section.Traits, new Declarations(declared.Attributes, declared.SealUndeclared));
        _context = PersonalData.Part(ObjectOrNone(_wholeContext), Section.Context);
        _extra = PersonalData.Part(Extra(sent), Section.Traits);
    }

    /// <summary>The message as it came, cleaned.</summary>
    public JsonItem Sent { get; }

    /// <summary>In lower case; null where it is missing.</summary>
    public string? Type { get; }

    public string? UserId { get; }
    public string? AnonymousId { get; }
    public string? CustomerId { get; }
    public string? Event { get; }

    /// <summary>The canonical name of what the customer did; null where the message says something else, or no name.</summary>
    public string? Name { get; }

    /// <summary>What of the message nobody may send; it is in none of its parts.</summary>
    public ForbiddenContent Secret => _properties.Found != ForbiddenContent.None ? _properties.Found
        : _traits.Found != ForbiddenContent.None ? _traits.Found
        : _context.Found != ForbiddenContent.None ? _context.Found : _extra.Found;

    public string? GroupId => SegmentReader.IdText(Sent["groupId"]);
    public string? PreviousId => SegmentReader.IdText(Sent["previousId"]);

    /// <summary>Whether the type is one whose messages rules read.</summary>
    public bool HasKnownType => Type is "track" or "identify" or "page" or "screen" or "group" or "alias";

    /// <summary>The time that counts, as it was sent.</summary>
    public JsonItem SentTime => Sent["timestamp"] is { IsNull: false } said ? said : Sent["originalTimestamp"];

    /// <summary>The member that bears an id, a name or a type and is neither a text nor a number; null where there is none.</summary>
    public string? MemberOfWrongType
    {
        get
        {
            foreach (var member in Sent.Members)
            {
                if (member.Value.Kind is not (JsonKind.Null or JsonKind.Text or JsonKind.Number) && BearsText(member.Name)) return member.Name;
            }
            return null;
        }
    }

    /// <summary>With what is personal.</summary>
    public JsonItem AllProperties { get; }

    /// <summary>With what is personal.</summary>
    public JsonItem AllTraits { get; }

    /// <summary>Without what is personal.</summary>
    public JsonItem Properties => _properties.Open;

    /// <summary>Without what is personal.</summary>
    public JsonItem Traits => _traits.Open;

    /// <summary>The row's open part: what the codec reads back for this input, and beside it everything else that was said.</summary>
    public byte[] WriteOpen(Input input, string messageId, JsonItem sentAt)
    {
        var writer = _bytes.Begin();
        writer.WriteStartObject();
        writer.WriteString("message_id", messageId);
        if (input is not MessageReceived) writer.WriteString("type", Type);
        if (Type == "track") writer.WriteString("raw_name", Event);
        EventCodec.WriteMembers(writer, input);
        if (input is not (Touchpoint or MessageReceived)) WriteMember(writer, "properties", _properties.Open);
        if (input is not (ProfileChanged or GroupJoined)) WriteMember(writer, "traits", _traits.Open);
        WriteMember(writer, "context", _context.Open);
        WriteMember(writer, "timestamp", Sent["timestamp"]);
        WriteMember(writer, "original_timestamp", Sent["originalTimestamp"]);
        WriteMember(writer, "sent_at", sentAt);
        WriteMember(writer, "extra", _extra.Open);
        writer.WriteEndObject();
        return _bytes.End();
    }

    /// <summary>Whether rules may read some of what must be sealed.</summary>
    public bool HasPersonalForRules => !(_properties.Sealed.Members.IsEmpty && _traits.Sealed.Members.IsEmpty);

    /// <summary>What must be sealed, or null where nothing must. A second id of the same person is personal as well.</summary>
    public byte[]? WritePersonal()
    {
        var otherId = UserId is null ? null : AnonymousId;
        var any = !(_properties.Sealed.Members.IsEmpty && _traits.Sealed.Members.IsEmpty && _context.Sealed.Members.IsEmpty
            && _extra.Sealed.Members.IsEmpty && otherId is null);
        if (!any) return null;
        var writer = _bytes.Begin();
        writer.WriteStartObject();
        WriteMember(writer, "properties", _properties.Sealed);
        WriteMember(writer, "traits", _traits.Sealed);
        WriteMember(writer, "context", _context.Sealed);
        WriteMember(writer, "extra", _extra.Sealed);
        if (otherId is not null) writer.WriteString("anonymous_id", otherId);
        writer.WriteEndObject();
        return _bytes.End();
    }

    /// <summary>What was said, with the sender's own names, for quarantine.</summary>
    public byte[] WithoutPersonal()
    {
        var writer = _bytes.Begin();
        writer.WriteStartObject();
        foreach (var member in Sent.Members)
        {
            if (member.Name != "type" && HasItsPlace(member) && !member.Value.IsObject) WriteMember(writer, member.Name, member.Value);
        }
        if (Type is not null) writer.WriteString("type", Type);
        WriteMember(writer, "properties", _properties.Open);
        WriteMember(writer, "traits", _traits.Open);
        WriteMember(writer, "context", _context.Open);
        _extra.Open.WriteMembersTo(writer);
        writer.WriteEndObject();
        return _bytes.End();
    }

    /// <summary>A hash of what was said, equal for a message and its retries.</summary>
    /// <remarks>SDKs stamp a retry anew, count their attempts in <c>_metadata</c> and describe in the context what they run on by then; none of it
    /// makes it another message. Traits that are only in the context are said all the same. Members that are null are as good as absent.</remarks>
    public Guid Content(ContentHash hash)
    {
        foreach (var member in Sent.Members)
        {
            if (!member.Value.IsNull && !IsStampOfSending(member.Name) && member.Name is not ("context" or "type"))
                hash.Add(member.Name, member.Value);
        }
        if (Type == "identify" && Sent["traits"].Members.IsEmpty && !AllTraits.Members.IsEmpty) hash.Add("context.traits", AllTraits);
        if (Type is not null) hash.Add("type", JsonItem.OfText(Type));
        return hash.Take(_bytes);
    }

    private bool BearsText(string member) => member switch
    {
        "userId" or "anonymousId" or "messageId" => true,
        "type" => _routeType is null,
        "event" => Type == "track",
        "groupId" => Type == "group",
        "previousId" => Type == "alias",
        _ => false,
    };

    private static bool IsStampOfSending(string name) => name is "sentAt" or "receivedAt" or "writeKey" or "_metadata";

    private JsonItem Extra(JsonItem sent)
    {
        List<JsonMember>? extra = null;
        foreach (var member in sent.Members)
        {
            if (!member.Value.IsNull && !HasItsPlace(member)) (extra ??= []).Add(member);
        }
        return extra is null ? JsonItem.NoMembers : JsonItem.OfObject([.. extra]);
    }

    private bool HasItsPlace(JsonMember member) => member.Name switch
    {
        "messageId" or "type" or "userId" or "anonymousId" or "timestamp" or "originalTimestamp" or "sentAt" or "historical" or "writeKey" => true,
        "properties" or "traits" or "context" => member.Value.IsObject,
        "event" => Type == "track",
        "groupId" => Type == "group",
        "previousId" => Type == "alias",
        "name" or "category" => Type is "page" or "screen",
        _ => false,
    };

    /// <summary>Some SDKs put the traits of an identify call into its context alone.</summary>
    private JsonItem TraitsOf(JsonItem sent, JsonItem context) =>
        Type == "identify" && sent["traits"].Members.IsEmpty ? context["traits"] : sent["traits"];

    private static JsonItem WithNameAndCategory(JsonItem sent)
    {
        var properties = ObjectOrNone(sent["properties"]);
        foreach (var name in (ReadOnlySpan<string>)["name", "category"])
        {
            if (!sent[name].IsNull && properties[name].IsNull) properties = With(properties, name, sent[name]);
        }
        return properties;
    }

    private static JsonItem With(JsonItem item, string name, JsonItem value)
    {
        var members = new List<JsonMember>(item.Members.Length + 1);
        foreach (var member in item.Members)
        {
            if (member.Name != name) members.Add(member);
        }
        members.Add(new(name, value));
        return JsonItem.OfObject([.. members]);
    }

    /// <summary>The members of both; the message's own go before those of its batch.</summary>
    private static JsonItem Merged(JsonItem shared, JsonItem own)
    {
        if (shared.Members.IsEmpty || !(own.IsNull || own.IsObject)) return own;
        if (own.Members.IsEmpty) return shared;
        var members = new List<JsonMember>(own.Members.Length + shared.Members.Length);
        foreach (var member in own.Members) members.Add(member.Value.IsNull ? member with { Value = shared[member.Name] } : member);
        foreach (var member in shared.Members)
        {
            if (!own.Has(member.Name)) members.Add(member);
        }
        return JsonItem.OfObject([.. members]);
    }

    private static JsonItem ObjectOrNone(JsonItem item) => item.IsObject ? item : JsonItem.NoMembers;

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonItem value)
    {
        if (value.IsNull || (value.IsObject && value.Members.IsEmpty)) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
