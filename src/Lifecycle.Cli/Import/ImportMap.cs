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
public enum PropertyType : byte { Text, Number, Money, Time, Bool }

/// <summary>What makes events of a file's rows.</summary>
/// <param name="Columns">Every column that the map names, once; columns are referred to by their place here.</param>
/// <param name="Header">Whether the first row names the columns; else they are c1, c2, and so on. Of no meaning for ndjson.</param>
/// <param name="Id">Null for the default: a hash of the row's text and of how often the import has seen that text.</param>
/// <param name="Where">Null where every row counts.</param>
public sealed record ImportMap(RowFormat Format, bool Header, IReadOnlyList<string> Columns, EventColumn Event, Template Customer, TimeColumn Time,
    Template? Id, Filter? Where, IReadOnlyList<PropertyColumn> Properties);

/// <summary>Where an event's name comes from.</summary>
/// <param name="Constant">The name of every row's event, or null where a column has it.</param>
/// <param name="Column">The column with the name, when <paramref name="Constant"/> is null.</param>
/// <param name="Names">What the column's values are called as events; a value not listed is a name by itself.</param>
public sealed record EventColumn(string? Constant, int Column, IReadOnlyDictionary<string, string> Names);

/// <param name="Pattern">Null for ISO 8601.</param>
/// <param name="Zone">Of times without an offset. Times that a change of clocks skips move forward, repeated ones are the earlier.</param>
public sealed record TimeColumn(int Column, LocalDateTimePattern? Pattern, DateTimeZone Zone);

/// <param name="Constant">The value of every row, or null where a column has it.</param>
public sealed record PropertyColumn(string Name, string? Constant, int Column, PropertyType Type);

/// <summary>A mistake in a map, at its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public sealed record MapError(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
