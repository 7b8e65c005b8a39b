using System.Globalization;

namespace Lifecycle.Cli.Import;

/// <summary>Counts what becomes of an import's rows. Lanes count at the same time.</summary>
internal sealed class ImportTally(ImportOptions options, Action<ImportProgress>? progress)
{
    private const int RowsBetweenReports = 5000;

    private readonly Lock _gate = new();
    private readonly List<BadRow> _badRows = [];
    private readonly List<BadRow> _warnings = [];
    private long? _inThePresent;
    private long _warned, _read, _skipped, _rejected, _appended, _duplicates, _sent, _total;

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

    /// <summary>Tells, before anything is sent, for how many customers the past comes too late to be told.</summary>
    public void TellPresent(long? present, int customers)
    {
        _inThePresent = present;
        if (present is not > 0) return;
        var notice = string.Create(CultureInfo.InvariantCulture,
            $"{present:N0} of {customers:N0} customers are already in the present: metrics will be right, their past stages will not be retold.");
        progress?.Invoke(new("sending", 0, 0) { Notice = notice });
    }

    public void CountSent(BatchAnswer answer, List<ImportRow> lane, int start, int end)
    {
        lock (_gate)
        {
            _appended += answer.Appended;
            _duplicates += answer.Duplicates;
            foreach (var (index, message) in answer.Rejected)
            {
                var row = lane[start + index];
                Reject(new(options.Sources[row.Source].File, row.Line, null, message));
            }
            _warned += answer.Warnings.Count;
            foreach (var (index, message) in answer.Warnings.Take(ImportResult.BadRowsMax - _warnings.Count))
                _warnings.Add(new(options.Sources[lane[start + index].Source].File, lane[start + index].Line, null, message));
            _sent += end - start;
            progress?.Invoke(new("sending", _sent, _total));
        }
    }

    public ImportResult ToResult() => new(_read, _appended, _duplicates, _rejected, _skipped,
        InOrder(_badRows)) { Warnings = InOrder(_warnings), Warned = _warned, InThePresent = _inThePresent };

    private static List<BadRow> InOrder(List<BadRow> rows) => [.. rows.OrderBy(row => row.File, StringComparer.Ordinal).ThenBy(row => row.Line)];

    private void Reject(BadRow row)
    {
        _rejected++;
        if (_badRows.Count < ImportResult.BadRowsMax) _badRows.Add(row);
    }
}
