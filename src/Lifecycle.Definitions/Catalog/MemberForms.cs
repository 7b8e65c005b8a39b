using System.Collections.Immutable;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions.Catalog;

/// <summary>Forms that stand at several places.</summary>
internal static class MemberForms
{
    /// <summary>A name that expressions can write.</summary>
    public const string NamePattern = @"^[\p{L}_][\p{L}_0-9]*$";

    /// <summary>A name for people and files.</summary>
    public const string LabelPattern = @"^[\p{L}\p{N}_.-]+$";

    public static readonly TextForm Text = new();
    public static readonly TextForm Name = new(NamePattern);
    public static readonly TextForm Label = new(LabelPattern, MayBeNumber: true);

    public static readonly TextForm Duration = new($@"^\s*[0-9]+(\.[0-9]+)?\s*({string.Join('|', Units)})\s*$");

    public static readonly TextForm Cap = new($@"^\s*[0-9]+\s+in\s+[0-9]+(\.[0-9]+)?\s*({string.Join('|', Units)})\s*$");

    /// <summary>Names of a list, or one alone.</summary>
    public static readonly EitherForm Names = new(Name, new ListForm(Name));

    public static readonly WordForm NameTable = new([.. Lifecycle.Domain.Events.NameTable.All.Select(table => (table.Name, table.Meaning))]);

    /// <summary>Tables of a list, or one alone.</summary>
    public static readonly EitherForm NameTables = new(NameTable, new ListForm(NameTable));

    public static readonly EitherForm Labels = new(Label, new ListForm(Label));

    /// <summary>A text in English, or texts by language.</summary>
    public static readonly EitherForm Titles = new(Text, new NamesForm("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", Text));

    /// <summary>A type, or one said to be personal.</summary>
    public static readonly WordForm Type = new([.. Vocabulary.TypeWords.Select(word => (word.Name, word.Meaning)),
        .. Vocabulary.TypeWords.Select(word => ($"{Vocabulary.Personal} {word.Name}", word.Meaning + " Sealed under the customer's own key."))]);

    private static IEnumerable<string> Units => Enum.GetValues<TimeUnit>().Select(unit => Keywords.Of(unit) + "s?");
}
