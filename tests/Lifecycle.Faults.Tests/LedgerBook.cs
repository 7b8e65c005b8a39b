using System.Text.Json;

namespace Lifecycle.Faults.Tests;

/// <summary>A message as it was sent.</summary>
internal sealed record Order(string Id, string Customer, int Revenue);

/// <summary>What was sent and what was acknowledged, on disk: one line of JSON for each batch before it is sent, and one when it has been answered.</summary>
internal sealed class LedgerBook(string file) : IDisposable
{
    private readonly StreamWriter _writer = new(file);
    private readonly Lock _lock = new();

    /// <summary>Written and flushed when this returns.</summary>
    public void Sent(int batch, IReadOnlyList<Order> orders) => Write(new Line(batch, orders));

    public void Acknowledged(int batch) => Write(new Line(batch, null));

    /// <summary>Reads the book from its file: every order, and whether it was acknowledged.</summary>
    public IEnumerable<(Order Order, bool Acknowledged)> Read()
    {
        var acknowledged = Lines().Where(line => line.Orders is null).Select(line => line.Batch).ToHashSet();
        foreach (var line in Lines())
            foreach (var order in line.Orders ?? [])
                yield return (order, acknowledged.Contains(line.Batch));
    }

    public void Dispose() => _writer.Dispose();

    private void Write(Line line)
    {
        var text = JsonSerializer.Serialize(line);
        lock (_lock)
        {
            _writer.WriteLine(text);
            _writer.Flush();
        }
    }

    private IEnumerable<Line> Lines()
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line) yield return JsonSerializer.Deserialize<Line>(line)!;
    }

    /// <param name="Orders">Null where the batch was acknowledged.</param>
    private sealed record Line(int Batch, IReadOnlyList<Order>? Orders);
}
