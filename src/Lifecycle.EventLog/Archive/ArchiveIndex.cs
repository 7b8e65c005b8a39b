using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;

namespace Lifecycle.EventLog.Archive;

/// <summary>A piece of an archive's file that can be read alone: one member of a gzip file, with rows in the order of tenant, customer and
/// position.</summary>
/// <param name="First">Whose row is its first.</param>
/// <param name="Offset">Of its first byte in the file.</param>
/// <param name="Length">Its bytes in the file.</param>
/// <param name="Rows">How many lines it has.</param>
/// <param name="Hash">SHA-256 of its bytes in the file.</param>
internal sealed record ArchiveBlock(CustomerAddress First, long Offset, int Length, int Rows, byte[] Hash);

/// <summary>Which customers are where in the file of one month and one shard.</summary>
internal sealed class ArchiveIndex(IReadOnlyList<ArchiveBlock> blocks)
{
    public IReadOnlyList<ArchiveBlock> Blocks { get; } = blocks;

    /// <summary>The blocks in which rows of a customer may be: from one place among all to before another.</summary>
    public (int From, int To) Find(CustomerAddress customer)
    {
        // A customer may begin at the end of the block before the first that begins with them, and go on through several.
        var from = FirstWhere(first => first.CompareTo(customer) >= 0);
        return (Math.Max(0, from - 1), FirstWhere(first => first.CompareTo(customer) > 0));
    }

    /// <summary>One line of JSON for each block.</summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        foreach (var block in Blocks)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteNumber("tenant", block.First.Tenant);
                json.WriteString("customer", block.First.Key.Value);
                json.WriteNumber("offset", block.Offset);
                json.WriteNumber("length", block.Length);
                json.WriteNumber("rows", block.Rows);
                json.WriteString("sha256", Convert.ToHexStringLower(block.Hash));
                json.WriteEndObject();
            }
            buffer.WriteByte((byte)'\n');
        }
        return buffer.ToArray();
    }

    public static ArchiveIndex Read(byte[] lines)
    {
        var blocks = new List<ArchiveBlock>();
        foreach (var line in lines.AsMemory().Lines())
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var first = new CustomerAddress(root.GetProperty("tenant").GetInt32(), new CustomerKey(root.GetProperty("customer").GetGuid()));
            blocks.Add(new ArchiveBlock(first, root.GetProperty("offset").GetInt64(), root.GetProperty("length").GetInt32(),
                root.GetProperty("rows").GetInt32(), Convert.FromHexString(root.GetProperty("sha256").GetString()!)));
        }
        return new ArchiveIndex(blocks);
    }

    private int FirstWhere(Func<CustomerAddress, bool> holds)
    {
        var (low, high) = (0, Blocks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(Blocks[middle].First)) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}

internal static class LinesOfBytes
{
    /// <summary>The lines of a text in UTF-8, each without its end.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(this Memory<byte> text)
    {
        for (ReadOnlyMemory<byte> rest = text; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            if (end < 0) end = rest.Length;
            yield return rest[..end];
            rest = rest[Math.Min(rest.Length, end + 1)..];
        }
    }
}
