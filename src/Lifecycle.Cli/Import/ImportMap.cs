using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Cli.Import;

/// <summary>How the rows of a file are laid out.</summary>
public enum RowFormat : byte
{
    /// <summary>Commas, with quoted fields as in RFC 4180.</summary>
    Csv,

    /// <summary>Tabs, without quoting.</summary>
    Tsv,

    /// <summary>Any run of white space between fields.</summary>
    Spaces,

    /// <summary>One JSON object on each line.</summary>
    Ndjson,
}

/// <summary>What a property's text becomes.</summary>
public enum ImportType : byte { Text, Number, Money, Time, Bool }

/// <summary>What makes events of a file's rows.</summary>
/// <param name="Columns">Every column that the map names, once; columns are referred to by their place here.</param>
/// <param name="Header">Whether the first row names the columns; else they are c1, c2, and so on. Of no meaning for ndjson.</param>
/// <param name="Id">Null for the default: a hash of the row's text and of how often the import has seen that text.</param>
/// <param name="Where">Null where every row counts.</param>
public sealed record ImportMap(RowFormat Format, bool Header, IReadOnlyList<string> Columns, EventColumn Event, Template Customer, TimeColumn Time,
    Template? Id, RowFilter? Where, IReadOnlyList<PropertyColumn> Properties)
{
    /// <summary>How bytes are letters. Of UTF-8, by default, bytes that are none make their row a bad one.</summary>
    public Encoding Encoding { get; init; } = Encodings.CheckedUtf8;
}

/// <summary>The encodings of files.</summary>
internal static class Encodings
{
    /// <summary>Stands for bytes that are not UTF-8: a code point that is no character and that no text has.</summary>
    public const char NotUtf8 = '\uFFFF';

    public static readonly Encoding CheckedUtf8 =
        Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback(NotUtf8.ToString()));

    /// <summary>The encoding of a name in a map; null where it is unknown.</summary>
    public static Encoding? Find(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => CheckedUtf8,
        "latin1" or "iso-8859-1" => Encoding.Latin1,
        _ => null,
    };
}

/// <summary>Where an event's name comes from.</summary>
/// <param name="Constant">The name of every row's event, or null where a column has it.</param>
/// <param name="Column">The column with the name, when <paramref name="Constant"/> is null.</param>
/// <param name="Names">What the column's values are called as events; a value not listed is a name by itself.</param>
public sealed record EventColumn(string? Constant, int Column, IReadOnlyDictionary<string, string> Names);

/// <param name="Pattern">Null for ISO 8601.</param>
/// <param name="Zone">Of times without an offset; null for UTC, and for the definition's zone where there is a date alone. Times that a change of
/// clocks skips move forward, repeated ones are the earlier.</param>
public sealed record TimeColumn(int Column, LocalDateTimePattern? Pattern, DateTimeZone? Zone)
{
    /// <summary>Whether the pattern reads a date alone.</summary>
    public bool IsDate { get; } = Pattern is not null
        && Pattern.Format(new LocalDateTime(2001, 2, 3, 0, 0)) == Pattern.Format(new LocalDateTime(2001, 2, 3, 13, 14, 15).PlusMilliseconds(16));
}

/// <param name="Constant">The value of every row, or null where a column has it.</param>
public sealed record PropertyColumn(string Name, string? Constant, int Column, ImportType Type);

/// <summary>A mistake in a map, at its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record MapError(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
