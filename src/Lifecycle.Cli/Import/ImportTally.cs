using Lifecycle.Ingestion;

namespace Lifecycle.Cli.Import;

/// <summary>Counts what becomes of an import's rows. Lanes count at the same time.</summary>
internal sealed class ImportTally(ImportOptions options, Action<ImportProgress>? progress)
{
    private const int RowsBetweenReports = 5000;

    private readonly Lock _gate = new();
    private readonly List<BadRow> _badRows = [];
    private long _read, _skipped, _rejected, _appended, _duplicates, _sent, _total;

    /// <summary>How far everything sent so far reaches.</summary>
    public SeenToken Seen { get; private set; } = SeenToken.Nothing;

    public void CountRead(BadRow? bad, bool skipped)
    {
        _read++;
        if (skipped) _skipped++;
        if (bad is not null) Reject(bad);
        if (_read % RowsBetweenReports == 0) progress?.Invoke(new("reading", _read, 0));
    }

    public void BeginSending(int total)
    {
        _total = total;
        progress?.Invoke(new("sending", 0, total));
    }

    public void CountSent(BatchAnswer answer, List<ImportRow> lane, int start, int end)
    {
        lock (_gate)
        {
            _appended += answer.Appended;
            _duplicates += answer.Duplicates;
            Seen = Seen.And(answer.Seen);
            foreach (var (index, message) in answer.Rejected)
            {
                var row = lane[start + index];
                Reject(new(options.Sources[row.Source].File, row.Line, null, message));
            }
            _sent += end - start;
            progress?.Invoke(new("sending", _sent, _total));
        }
    }

    public ImportResult ToResult() => new(_read, _appended, _duplicates, _rejected, _skipped,
        [.. _badRows.OrderBy(row => row.File, StringComparer.Ordinal).ThenBy(row => row.Line)]);

    private void Reject(BadRow row)
    {
        _rejected++;
        if (_badRows.Count < ImportResult.BadRowsMax) _badRows.Add(row);
    }
}
