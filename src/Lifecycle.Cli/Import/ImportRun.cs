using System.Runtime.InteropServices;

namespace Lifecycle.Cli.Import;

/// <summary>Imports files: reads all rows, tells how many customers are in the present, sends the rows as history, closes it, and returns when
/// everything sent has been judged.</summary>
/// <remarks>All rows are held in memory, some 400 bytes each, because a customer's rows may lie anywhere in several files and must be sent in
/// one order of time.</remarks>
public sealed class ImportRun(HttpClient http, TimeProvider time)
{
    private const int RequestSizeMax = 3 * 1024 * 1024;

    /// <summary>Runs the import. A second run of the same files appends nothing.</summary>
    /// <param name="progress">Told now and then, from any thread; may be null.</param>
    /// <exception cref="ImportFailedException">A file or the server makes it impossible to go on.</exception>
    public async Task<ImportResult> RunAsync(ImportOptions options, Action<ImportProgress>? progress = null, CancellationToken ct = default)
    {
        if (options.BatchMax is < 1 or > 10_000) throw new ImportFailedException("A batch holds between 1 and 10,000 events.");
        if (options.Lanes is < 1 or > 32) throw new ImportFailedException("There are between 1 and 32 lanes.");
        var tally = new ImportTally(options, progress);
        var server = new ImportServer(http, time, options);
        var mapper = new RowMapper(await server.AskTenantAsync(ct));
        var rows = ReadRows(options, mapper, tally, ct);
        tally.TellPresent(await server.CountPresentAsync(mapper.Customers, ct), mapper.Customers.Count);
        tally.BeginSending(rows.Count);
        await Parallel.ForEachAsync(Lanes(rows, options), new ParallelOptions { MaxDegreeOfParallelism = options.Lanes, CancellationToken = ct },
            async (lane, stop) => await SendLaneAsync(lane, options, server, tally, stop));
        progress?.Invoke(new("judging", rows.Count, rows.Count));
        if (!options.KeepOpen) await server.CloseHistoryAsync(ct);
        await server.WaitUntilJudgedAsync(ct);
        return tally.ToResult();
    }

    private static List<ImportRow> ReadRows(ImportOptions options, RowMapper mapper, ImportTally tally, CancellationToken ct)
    {
        var rows = new List<ImportRow>();
        for (var source = 0; source < options.Sources.Count; source++)
        {
            foreach (var row in RowReader.Read(options.Sources[source].File, options.Sources[source].Map))
            {
                ct.ThrowIfCancellationRequested();
                var (made, bad) = mapper.Map(row, options.Sources[source], source);
                if (made is { } good) rows.Add(good);
                tally.CountRead(bad, skipped: made is null && bad is null);
            }
        }
        return rows;
    }

    /// <summary>The rows in the order they are sent; a customer's are all in one lane.</summary>
    private static List<List<ImportRow>> Lanes(List<ImportRow> rows, ImportOptions options)
    {
        if (options.Order == ImportOrder.Time) rows.Sort(ImportRow.ByTime);
        if (options.Order != ImportOrder.Customer) return [rows];
        rows.Sort(ImportRow.ByCustomer);
        var lanes = Enumerable.Range(0, options.Lanes).Select(_ => new List<ImportRow>()).ToList();
        foreach (var row in rows) lanes[row.Customer % options.Lanes].Add(row);
        return lanes;
    }

    private static async Task SendLaneAsync(List<ImportRow> lane, ImportOptions options, ImportServer server, ImportTally tally, CancellationToken ct)
    {
        for (var start = 0; start < lane.Count;)
        {
            int end = start, size = 0;
            while (end < lane.Count && end - start < options.BatchMax && (end == start || size + lane[end].Message.Length < RequestSizeMax))
                size += lane[end++].Message.Length + 1;
            await SendAsync(lane, start, end, server, tally, ct);
            start = end;
        }
    }

    /// <summary>Sends the rows from <paramref name="start"/> up to <paramref name="end"/>; in halves, one after the other, where the server finds
    /// them too large.</summary>
    private static async Task SendAsync(List<ImportRow> lane, int start, int end, ImportServer server, ImportTally tally, CancellationToken ct)
    {
        var answer = await server.SendAsync(Body(CollectionsMarshal.AsSpan(lane)[start..end]), ct);
        if (!answer.TooLarge)
        {
            tally.CountSent(answer, lane, start, end);
            return;
        }
        if (end - start == 1)
        {
            tally.CountSent(answer with { Rejected = [(0, "The server finds the event too large.")] }, lane, start, end);
            return;
        }
        var middle = (start + end) / 2;
        await SendAsync(lane, start, middle, server, tally, ct);
        await SendAsync(lane, middle, end, server, tally, ct);
    }

    private static byte[] Body(ReadOnlySpan<ImportRow> rows)
    {
        var body = new MemoryStream(64 * 1024);
        body.Write("{\"batch\":["u8);
        for (var i = 0; i < rows.Length; i++)
        {
            if (i > 0) body.WriteByte((byte)',');
            body.Write(rows[i].Message);
        }
        body.Write("]}"u8);
        return body.ToArray();
    }
}
