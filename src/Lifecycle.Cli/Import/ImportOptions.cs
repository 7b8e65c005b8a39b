using NodaTime;

namespace Lifecycle.Cli.Import;

/// <summary>In which order events are sent.</summary>
public enum ImportOrder : byte
{
    /// <summary>Customer after customer, each in the order of time, over several lanes at once.</summary>
    Customer,

    /// <summary>As the files have them, one request after the other.</summary>
    File,

    /// <summary>In the order of time over all customers, one request after the other.</summary>
    Time,
}

/// <summary>A file and what makes events of its rows.</summary>
public sealed record ImportSource(string File, ImportMap Map);

/// <summary>One import.</summary>
/// <param name="Url">The server's address, such as http://127.0.0.1:5080.</param>
/// <param name="Key">A write key, or an admin key.</param>
/// <param name="Sources">In the order of the command line; a customer's rows of one instant keep it.</param>
public sealed record ImportOptions(Uri Url, string Key, IReadOnlyList<ImportSource> Sources)
{
    /// <summary>The most events of one request: 1 to 10,000, 2,000 by default. A request also stays below 4 MB.</summary>
    public int BatchMax { get; init; } = 2000;

    public ImportOrder Order { get; init; } = ImportOrder.Customer;

    /// <summary>How many requests are under way at once when the order is <see cref="ImportOrder.Customer"/>: 1 to 32. Two are never of one
    /// customer.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>Whether the history stays open at the end, for a file that is still to come.</summary>
    public bool KeepOpen { get; init; }

    /// <summary>How long to go on trying while the server does not answer.</summary>
    public Duration Patience { get; init; } = Duration.FromMinutes(5);
}

/// <summary>What an import must know of the tenant that it is for.</summary>
/// <param name="Clock">The present; of a test tenant its own clock.</param>
/// <param name="Zone">In which a date alone begins: that of the definition.</param>
internal sealed record ImportTenant(Instant Clock, DateTimeZone Zone);

/// <summary>How far an import is.</summary>
/// <param name="Phase"><c>reading</c>, <c>sending</c> or <c>judging</c>.</param>
/// <param name="Done">Rows read, or events sent.</param>
/// <param name="Total">Of events to send; zero while it is not known.</param>
public readonly record struct ImportProgress(string Phase, long Done, long Total)
{
    /// <summary>A sentence for whoever started the import; null where there is nothing to say.</summary>
    public string? Notice { get; init; }
}

/// <summary>What an import did. Every row read is counted once more: as appended, duplicate, rejected or skipped.</summary>
/// <param name="Read">Rows in the files, headers and empty lines not counted.</param>
/// <param name="Appended">Events that are in the log now and were not before.</param>
/// <param name="Duplicates">Events that were in the log already.</param>
/// <param name="Rejected">Rows that are no event, or that the server refused.</param>
/// <param name="Skipped">Rows that the map's <c>where</c> leaves out.</param>
/// <param name="BadRows">The rejected rows, at most <see cref="BadRowsMax"/> of them.</param>
public sealed record ImportResult(long Read, long Appended, long Duplicates, long Rejected, long Skipped, IReadOnlyList<BadRow> BadRows)
{
    public const int BadRowsMax = 1000;

    /// <summary>What the server finds odd about events that it stored, by their rows; at most <see cref="BadRowsMax"/> of them.</summary>
    public IReadOnlyList<BadRow> Warnings { get; init; } = [];

    /// <summary>How many warnings there were in all.</summary>
    public long Warned { get; init; }

    /// <summary>How many of the customers were in the present before; null where the key may not ask.</summary>
    public long? InThePresent { get; init; }

    /// <summary>3 when there were bad rows, else 0.</summary>
    public int ExitCode => Rejected > 0 ? 3 : 0;
}

/// <summary>An import cannot go on. The message is a sentence for the person who started it; what was sent so far stays, and the same
/// import again appends only the rest.</summary>
public sealed class ImportFailedException(string message, Exception? inner = null) : Exception(message, inner);
