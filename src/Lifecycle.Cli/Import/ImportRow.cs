namespace Lifecycle.Cli.Import;

/// <summary>A row that became an event, ready to be sent.</summary>
/// <param name="Customer">A number for the customer within this import.</param>
/// <param name="Milliseconds">When it happened, since 1970.</param>
/// <param name="Message">A track call as JSON in UTF-8.</param>
/// <param name="Source">The place of its file among the import's sources.</param>
/// <param name="Sequence">The place of the row among all rows of the import.</param>
internal readonly record struct ImportRow(int Customer, long Milliseconds, byte[] Message, int Source, int Line, int Sequence)
{
    public static int ByCustomer(ImportRow a, ImportRow b) => a.Customer != b.Customer ? a.Customer.CompareTo(b.Customer) : ByTime(a, b);

    public static int ByTime(ImportRow a, ImportRow b) =>
        a.Milliseconds != b.Milliseconds ? a.Milliseconds.CompareTo(b.Milliseconds) : a.Sequence.CompareTo(b.Sequence);
}
