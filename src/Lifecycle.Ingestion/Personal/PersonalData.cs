using System.Buffers;
using System.Collections.Frozen;
using Lifecycle.Domain.Personal;
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

/// <summary>What nobody may send, so that the event that has it is refused.</summary>
public enum ForbiddenContent : byte { None, Password, CardNumber }

/// <summary>What a release declares of one object's members.</summary>
/// <param name="Members">The declared ones, each with whether it is personal.</param>
/// <param name="SealOthers">Whether all others are sealed.</param>
public readonly record struct Declarations(FrozenDictionary<string, bool>? Members, bool SealOthers);

/// <summary>An object in two parts, which together hold every member once but those that are secret.</summary>
/// <param name="Found">What of it nobody may send.</param>
public readonly record struct SplitObject(JsonItem Open, JsonItem Sealed, ForbiddenContent Found);

/// <summary>Parts an object into what may lie open in the log for ever and what must be sealed under the customer's own key.</summary>
/// <remarks>What is declared personal is sealed; so is what <see cref="PersonalNames"/> knows by its name, and of what is not declared what
/// <see cref="PersonalShapes"/> knows by its form. What no other thing than a person has (an e-mail, a phone number, an IP address) is sealed at any
/// depth; what other things have too (a <c>name</c>) only at the top. A list with something personal in it is sealed as a whole, since its places
/// must not shift. True and false are never personal unless declared so: <c>"email": true</c> is a consent, not an address.</remarks>
public static class PersonalData
{
    /// <summary>What forms show in the place of a password's letters.</summary>
    private static readonly SearchValues<char> Hiding = SearchValues.Create("*•.xX -");

    /// <summary>Both parts; either may have no members.</summary>
    public static SplitObject Part(JsonItem item, Section section, Declarations declared = default)
    {
        var found = ForbiddenContent.None;
        var (open, @sealed) = Part(item, section, declared, top: true, ref found);
        return new(open, @sealed, found);
    }

    private static (JsonItem Open, JsonItem Sealed) Part(JsonItem item, Section section, Declarations declared, bool top, ref ForbiddenContent found)
    {
        List<JsonMember>? open = null, kept = null;
        var members = item.Members;
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            var before = found;
            found = ForbiddenContent.None;
            var (openPart, sealedPart) = PartMember(member, section, declared, top, ref found);
            if (sealedPart is { } personal)
            {
                open ??= [.. members[..i]];
                (kept ??= []).Add(member with { Value = personal });
            }
            else if (openPart is null || found != ForbiddenContent.None)
            {
                open ??= [.. members[..i]];
            }
            if (openPart is { } impersonal) open?.Add(member with { Value = impersonal });
            if (found == ForbiddenContent.None) found = before;
        }
        return open is null ? (item, JsonItem.NoMembers)
            : (JsonItem.OfObject([.. open]), kept is null ? JsonItem.NoMembers : JsonItem.OfObject([.. kept]));
    }

    private static (JsonItem? Open, JsonItem? Sealed) PartMember(JsonMember member, Section section, Declarations declared, bool top,
        ref ForbiddenContent found)
    {
        var name = RecentNames.KindOf(member.Name);
        if (IsSecret(name, member.Value) is var secret and not ForbiddenContent.None)
        {
            found = secret;
            return (null, null);
        }
        var isDeclared = false;
        if (top && declared.Members is { } known && known.TryGetValue(member.Name, out var personal))
        {
            isDeclared = true;
            if (personal) return member.Value.Kind is JsonKind.List or JsonKind.Record ? Whole(member.Value, ref found) : (null, member.Value);
        }
        else if (top && declared.SealOthers)
        {
            return Whole(member.Value, ref found);
        }
        if (member.Value.Kind is JsonKind.True or JsonKind.False) return (member.Value, null);
        if (IsPersonal(name, member.Name, section, top)) return Whole(member.Value, ref found);
        switch (member.Value.Kind)
        {
            case JsonKind.Text when !isDeclared && PersonalShapes.Of(member.Value.Text) is var shape and not TextShape.Other:
                if (shape == TextShape.Personal) return (null, member.Value);
                found = ForbiddenContent.CardNumber;
                return (null, null);
            case JsonKind.List when Holds(member.Value, ref found):
                return found == ForbiddenContent.None ? (null, member.Value) : (null, null);
            case JsonKind.Record:
                var (open, @sealed) = Part(member.Value, section, default, top: false, ref found);
                if (@sealed.Members.IsEmpty) return (open, null);
                return (open.Members.IsEmpty ? null : open, @sealed);
            default:
                return (member.Value, null);
        }
    }

    /// <summary>What is sealed as a whole holds no password and no card number either.</summary>
    private static (JsonItem? Open, JsonItem? Sealed) Whole(JsonItem value, ref ForbiddenContent found)
    {
        Holds(value, ref found);
        return found == ForbiddenContent.None ? (null, value) : (null, null);
    }

    private static bool IsPersonal(NameKind kind, string name, Section section, bool top) => kind switch
    {
        NameKind.Personal or NameKind.Card => true,
        NameKind.PersonalAtTop => top && !(section == Section.PageProperties && name.Equals("name", StringComparison.OrdinalIgnoreCase)),
        NameKind.Password or NameKind.Other => top && section == Section.Context && name.Equals("traits", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // A password that is hidden (`***`), true or null is none.
    private static ForbiddenContent IsSecret(NameKind name, JsonItem value) => name switch
    {
        NameKind.Password when value.Kind == JsonKind.Number
            || (value.Kind == JsonKind.Text && value.Text.AsSpan().ContainsAnyExcept(Hiding) && !IsHidden(value.Text)) =>
            ForbiddenContent.Password,
        NameKind.Card when value.Kind is JsonKind.Number or JsonKind.Text && PersonalShapes.IsCardNumber(value.Text) => ForbiddenContent.CardNumber,
        NameKind.Other or NameKind.Personal or NameKind.PersonalAtTop or NameKind.Card or NameKind.Password => ForbiddenContent.None,
    };

    /// <summary>What loggers write in the place of a secret: <c>[FILTERED]</c>.</summary>
    private static bool IsHidden(string text) => text is ['[', .., ']'] or ['<', .., '>'];

    private static bool Holds(JsonItem item, ref ForbiddenContent found)
    {
        var holds = false;
        foreach (var member in item.Members)
        {
            var name = RecentNames.KindOf(member.Name);
            if (IsSecret(name, member.Value) is var secret and not ForbiddenContent.None) found = secret;
            holds |= IsPersonal(name, member.Name, Section.Properties, top: false) | Holds(member.Value, ref found);
        }
        foreach (var inner in item.Items) holds |= Holds(inner, ref found);
        if (item.Kind != JsonKind.Text || PersonalShapes.Of(item.Text) is not (var shape and not TextShape.Other))
            return holds || found != ForbiddenContent.None;
        if (shape == TextShape.Card) found = ForbiddenContent.CardNumber;
        return true;
    }
}
