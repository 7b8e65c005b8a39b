using System.Collections.Frozen;
using Lifecycle.Ingestion.Json;

namespace Lifecycle.Ingestion.Personal;

/// <summary>Which part of a message it is; what counts as personal differs a little.</summary>
public enum Section : byte
{
    /// <summary>What is said about a person or a group.</summary>
    Traits,

    /// <summary>What is said about something a person did.</summary>
    Properties,

    /// <summary>What is said about a page or a screen, whose <c>name</c> is nobody's.</summary>
    PageProperties,

    /// <summary>Where a message came from. Its <c>traits</c> are the person's, every one.</summary>
    Context,
}

/// <summary>Parts an object into what may lie open in the log for ever and what must be sealed under the customer's own key.</summary>
/// <remarks>Names are recognised in any style: <c>firstName</c>, <c>first_name</c>, <c>First Name</c>. What no other thing than a person has (an
/// e-mail, a phone number, an IP address) is sealed at any depth; what other things have too (a <c>name</c>) only at the top. A list with
/// something personal in it is sealed as a whole, since its places must not shift. True and false are never personal: <c>"email": true</c> is
/// a consent, not an address.</remarks>
public static class PersonalData
{
    private static readonly FrozenSet<string> AtAnyDepth = new[]
    {
        "email", "emailaddress", "mail", "mailaddress", "phone", "phonenumber", "mobile", "mobilephone", "mobilenumber", "telephone", "tel",
        "firstname", "lastname", "middlename", "fullname", "surname", "givenname", "familyname", "maidenname",
        "address", "addressline", "streetaddress", "homeaddress", "billingaddress", "shippingaddress", "street", "postalcode", "postcode",
        "zip", "zipcode", "ip", "ipaddress", "ipv4", "ipv6", "clientip", "remoteip", "useragent", "useragentdata",
        "birthday", "birthdate", "dateofbirth", "dob", "avatar", "passport", "passportnumber", "ssn", "taxid", "iban",
        "latitude", "longitude", "advertisingid", "idfa", "idfv", "gaid", "devicetoken",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> AtTheTop = new[] { "name", "username", "nickname", "displayname" }.ToFrozenSet();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PlainAtAnyDepth = AtAnyDepth.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PlainAtTheTop = AtTheTop.GetAlternateLookup<ReadOnlySpan<char>>();

    // The longest of the names above; a name with more letters and digits is none of them.
    private static readonly int LengthMax = AtAnyDepth.Concat(AtTheTop).Max(name => name.Length);

    /// <summary>Both parts; either may have no members. Together they hold every member once.</summary>
    public static (JsonItem Open, JsonItem Sealed) Part(JsonItem item, Section section) => Part(item, section, top: true);

    private static (JsonItem Open, JsonItem Sealed) Part(JsonItem item, Section section, bool top)
    {
        List<JsonMember>? open = null, kept = null;
        var members = item.Members;
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            var (openPart, sealedPart) = PartMember(member, section, top);
            if (sealedPart is { } personal)
            {
                open ??= [.. members[..i]];
                (kept ??= []).Add(member with { Value = personal });
            }
            if (openPart is { } impersonal) open?.Add(member with { Value = impersonal });
        }
        return open is null ? (item, JsonItem.NoMembers) : (JsonItem.OfObject([.. open]), JsonItem.OfObject([.. kept!]));
    }

    private static (JsonItem? Open, JsonItem? Sealed) PartMember(JsonMember member, Section section, bool top)
    {
        if (member.Value.Kind is JsonKind.True or JsonKind.False) return (member.Value, null);
        if (IsPersonal(member.Name, section, top)) return (null, member.Value);
        switch (member.Value.Kind)
        {
            case JsonKind.List when Holds(member.Value): return (null, member.Value);
            case JsonKind.Record:
                var (open, @sealed) = Part(member.Value, section, top: false);
                if (@sealed.Members.IsEmpty) return (open, null);
                return (open.Members.IsEmpty ? null : open, @sealed);
            default: return (member.Value, null);
        }
    }

    private static bool IsPersonal(string name, Section section, bool top)
    {
        var plain = Plain(name, stackalloc char[LengthMax]);
        if (PlainAtAnyDepth.Contains(plain)) return true;
        if (!top) return false;
        if (section == Section.Context && plain is "traits") return true;
        return PlainAtTheTop.Contains(plain) && !(section == Section.PageProperties && plain is "name");
    }

    private static bool Holds(JsonItem item)
    {
        foreach (var member in item.Members)
        {
            if (IsPersonal(member.Name, Section.Properties, top: false) || Holds(member.Value)) return true;
        }
        foreach (var inner in item.Items)
        {
            if (Holds(inner)) return true;
        }
        return false;
    }

    /// <summary>The name's letters and digits alone, in lower case; nothing where they do not fit.</summary>
    private static ReadOnlySpan<char> Plain(string name, Span<char> room)
    {
        var length = 0;
        foreach (var letter in name)
        {
            if (!char.IsLetterOrDigit(letter)) continue;
            if (length == room.Length) return [];
            room[length++] = char.ToLowerInvariant(letter);
        }
        return room[..length];
    }
}
