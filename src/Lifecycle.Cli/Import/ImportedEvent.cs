namespace Lifecycle.Cli.Import;

/// <summary>One row of a file.</summary>
/// <param name="Values">By the place of each column in <see cref="ImportMap.Columns"/>; null where the row does not have it.</param>
/// <param name="Text">The row as the file has it, without its line end.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Fault">Why it cannot be read, or null.</param>
public sealed record ImportedEvent(string?[] Values, string Text, int Line, string? Fault);

/// <summary>A row that did not become an event.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Column">Null where no single column is to blame.</param>
public sealed record BadRow(string File, int Line, string? Column, string Reason)
{
    public override string ToString() => Column is null ? $"{File}:{Line}: {Reason}" : $"{File}:{Line}: {Column}: {Reason}";
}
