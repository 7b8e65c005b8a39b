namespace Lifecycle.EventLog.Log;

/// <summary>Events of one shard that follow on each other.</summary>
/// <param name="Rows">In order. Facts may be left out where the events were handed over in memory: nobody judges them again.</param>
/// <param name="UpTo">The position that is reached with them; that from which was read where nothing follows.</param>
/// <param name="IsHandedOver">Whether they come from memory and not from the database.</param>
public readonly record struct LogPage(IReadOnlyList<LogRow> Rows, long UpTo, bool IsHandedOver);

/// <summary>The newest of what this process has appended to one shard, handed to its processor without being read again.</summary>
/// <remarks>Only what is known to be on disk comes in, with the positions that it has there. What others append, or what finds no room, leaves a gap;
/// whoever comes to one reads on in the database. Any thread may call.</remarks>
/// <param name="bytesMax">As much memory as the rows may take, nearly.</param>
public sealed class LogTail(long bytesMax) : IDisposable
{
    /// <summary>What a row takes beside what was sent, nearly.</summary>
    private const int RowSize = 300;

    private readonly record struct Stretch(long First, long Last, IReadOnlyList<LogRow> Rows, long Size);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Stretch, long> _stretches = new();
    private long _size;
    private bool _isClosed;

    /// <summary>Inputs that were appended one behind the other.</summary>
    internal void AddInputs(IReadOnlyList<LogRow> rows)
    {
        if (rows.Count == 0) return;
        var size = 0L;
        foreach (var row in rows) size += RowSize + row.Open.Length + (row.Sealed?.Length ?? 0);
        Add(new Stretch(rows[0].Position, rows[^1].Position, rows, size));
    }

    /// <summary>Facts that were appended one behind the other, the last of them at a position.</summary>
    public void AddFacts(int count, long last) => Add(new Stretch(last - count + 1, last, [], RowSize));

    /// <summary>What follows on a position without a gap, at most <paramref name="limit"/> rows. They are handed over once: whoever goes back reads
    /// the database.</summary>
    public LogPage After(long position, int limit)
    {
        lock (_lock)
        {
            var (rows, upTo) = (new List<LogRow>(), position);
            while (rows.Count < limit && _stretches.TryPeek(out var next, out _) && next.First <= upTo + 1)
            {
                var begin = (int)Math.Min(upTo + 1 - next.First, next.Rows.Count);
                var end = Math.Min(next.Rows.Count, begin + limit - rows.Count);
                for (var i = begin; i < end; i++) rows.Add(next.Rows[i]);
                upTo = Math.Max(upTo, end < next.Rows.Count ? next.Rows[end - 1].Position : next.Last);
                if (upTo < next.Last) break;
                _stretches.Dequeue();
                _size -= next.Size;
            }
            return new LogPage(rows, upTo, IsHandedOver: true);
        }
    }

    /// <summary>Forgets everything; the database has it.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _stretches.Clear();
            _size = 0;
        }
    }

    /// <summary>Takes nothing in any more.</summary>
    public void Dispose()
    {
        lock (_lock) _isClosed = true;
        Clear();
    }

    private void Add(Stretch stretch)
    {
        lock (_lock)
        {
            // What is oldest is wanted first, so what finds no room is the newest.
            if (_isClosed || _size + stretch.Size > bytesMax) return;
            _stretches.Enqueue(stretch, stretch.First);
            _size += stretch.Size;
        }
    }
}
