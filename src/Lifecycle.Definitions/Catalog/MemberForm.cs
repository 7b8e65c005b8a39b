using System.Collections.Immutable;

namespace Lifecycle.Definitions.Catalog;

/// <summary>What may stand at a place of a file. The set is closed.</summary>
internal abstract record MemberForm
{
    private protected MemberForm()
    {
    }
}

/// <summary>A text, whatever it looks like to YAML.</summary>
/// <param name="Pattern">A regular expression that the whole text matches; null where any does.</param>
/// <param name="MayBeNumber">To YAML it may look like a number.</param>
internal sealed record TextForm(string? Pattern = null, bool MayBeNumber = false) : MemberForm;

/// <summary>One of some words, each with what it means.</summary>
internal sealed record WordForm(ImmutableArray<(string Word, string Meaning)> Words) : MemberForm;

/// <summary>Nothing at all: a name with a colon and no more.</summary>
internal sealed record EmptyForm : MemberForm;

/// <param name="Least">As many items as there must be.</param>
internal sealed record ListForm(MemberForm Item, int Least = 0, int? Most = null) : MemberForm;

/// <summary>Names that the writer chooses, each with the same form under it.</summary>
/// <param name="Pattern">What the names match.</param>
internal sealed record NamesForm(string Pattern, MemberForm Content, int? Most = null) : MemberForm;

/// <summary>Any of some forms.</summary>
internal sealed record EitherForm(params ImmutableArray<MemberForm> Forms) : MemberForm;

/// <summary>A map of members that the language names.</summary>
/// <param name="Name">Its own name, in one word.</param>
/// <param name="What">With its article, for messages: <c>a stage</c>.</param>
/// <param name="NotYet">Members that the language has and this version does not.</param>
/// <param name="IsChoice">Exactly one of the members is there.</param>
internal sealed record CatalogSection(
    string Name, string What, string Meaning, ImmutableArray<CatalogMember> Members, ImmutableArray<string> NotYet, bool IsChoice = false)
    : MemberForm
{
    public bool Has(string member) => Members.Any(known => known.Name == member);
}

/// <param name="Meaning">Sentences for whoever writes it.</param>
internal sealed record CatalogMember(string Name, MemberForm Form, string Meaning, bool IsRequired = false);
