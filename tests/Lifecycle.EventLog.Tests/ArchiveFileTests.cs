using System.Buffers;
using System.IO.Compression;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Archive;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.EventLog.Tests;

public sealed class ArchiveFileTests : IDisposable
{
    private static readonly YearMonth September = new(2026, 9);
    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(11);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_customer_is_found_wherever_in_the_file_they_are()
    {
        // Customers of one row and of thousands, so that some begin where a block ends and some go through several.
        var customers = Enumerable.Range(0, 300).Select(_ => (Customer: new CustomerAddress(_random.Next(1, 3), Key()), Rows: _random.Next(20) == 0 ? 900 : _random.Next(1, 12)))
            .OrderBy(entry => entry.Customer).ToList();
        var position = 0L;
        var rows = customers.SelectMany(entry => Enumerable.Range(0, entry.Rows).Select(_ => Row(entry.Customer, ++position, """{"properties":{"revenue":"19.90"}}"""))).ToList();
        var month = (await ArchiveWriter.WriteAsync(_folder.Path, 3, September, rows.ToAsyncEnumerable(), default))!;
        var file = new ArchiveFile(_folder.Path, month);

        Assert.Equal(rows.Count, month.Rows);
        Assert.Equal(rows.Count, await file.CheckAsync(default));
        Assert.True(File.ReadLines(ArchiveFile.IndexPathOf(_folder.Path, 3, September)).Count() > 20, "There are too few blocks for seams.");
        foreach (var (customer, _) in customers)
            AssertSame([.. rows.Where(row => row.Tenant == customer.Tenant && row.Customer == customer.Key)], await file.ReadAsync([customer], default));
        Assert.Empty(await file.ReadAsync([new CustomerAddress(1, Key()), new CustomerAddress(0, Key()), new CustomerAddress(9, Key())], default));
        AssertSame(rows, await file.ReadAsync([.. customers.Select(entry => entry.Customer)], default));
    }

    [Fact]
    public async Task A_file_is_lines_of_json_under_gzip()
    {
        var rows = Enumerable.Range(0, 2000).Select(number => Row(new CustomerAddress(1, new CustomerKey(new Guid(number, 0, 0, new byte[8]))), number + 1, """{"a":1}""")).ToList();
        await ArchiveWriter.WriteAsync(_folder.Path, 3, September, rows.ToAsyncEnumerable(), default);
        Assert.Equal(["shard-0003.index.jsonl", "shard-0003.jsonl.gz"], Directory.GetFiles(Path.Combine(_folder.Path, "2026-09")).Select(Path.GetFileName).Order());
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(_folder.Path, "2026-09", "shard-0003.jsonl.gz")), CompressionMode.Decompress));
        var lines = (await text.ReadToEndAsync()).TrimEnd('\n').Split('\n');
        Assert.Equal(2000, lines.Length);
        Assert.Equal("""{"tenant":1,"customer":"00000000-0000-0000-0000-000000000000","position":1,"kind":1,"name":"order_completed","version":1,"id":"00000001-0000-0000-0000-000000000000","recorded_at":"2026-09-03T10:00:00.001Z","clock":"2026-09-03T10:00:00.001Z","occurred_at":"2026-09-03T09:00:00Z","open":{"a":1}}""", lines[0]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a": [1, {"b":null}],  "ü":"\u00fc"}""")]
    [InlineData("{\n\"a\":1}")]
    [InlineData(" {}")]
    [InlineData("{} ")]
    [InlineData("[1]")]
    [InlineData("broken")]
    [InlineData("{broken}")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("")]
    public void A_row_comes_back_byte_by_byte(string open)
    {
        var row = Row(new CustomerAddress(7, Key()), 12, open);
        AssertSame([row], [Again(row)]);
        var fact = row with
        {
            Kind = EventKind.Fact, Cause = new RecordId(Guid.NewGuid()), Ordinal = 3, Imported = true, Hops = 4, Sealed = new byte[] { 0, 255, 10 },
            Clock = Instants.Beginning, OccurredAt = Instants.Never - Duration.FromNanoseconds(1_000),
        };
        AssertSame([fact], [Again(fact)]);
    }

    [Fact]
    public void Bytes_that_are_no_text_come_back_too()
    {
        var row = Row(new CustomerAddress(7, Key()), 12, "") with { Open = new byte[] { (byte)'{', 0xff, 0xfe, (byte)'}' } };
        AssertSame([row], [Again(row)]);
    }

    [Fact]
    public async Task A_month_without_events_of_customers_has_no_file()
    {
        Assert.Null(await ArchiveWriter.WriteAsync(_folder.Path, 0, September, AsyncEnumerable.Empty<LogRow>(), default));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Of_two_who_write_a_month_at_once_the_second_is_refused()
    {
        var row = Row(new CustomerAddress(1, Key()), 1, "{}");
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = ArchiveWriter.WriteAsync(_folder.Path, 3, September, SlowlyAsync(), default);
        await begun.Task;
        await Assert.ThrowsAsync<ArchivingRefusedException>(() => ArchiveWriter.WriteAsync(_folder.Path, 3, September, new[] { row, row }.ToAsyncEnumerable(), default));
        go.SetResult();
        Assert.Equal(1, await new ArchiveFile(_folder.Path, (await first)!).CheckAsync(default));

        async IAsyncEnumerable<LogRow> SlowlyAsync()
        {
            begun.SetResult();
            await go.Task;
            yield return row;
        }
    }

    private static LogRow Again(LogRow row)
    {
        var line = new ArrayBufferWriter<byte>();
        ArchivedRow.Write(line, row);
        Assert.DoesNotContain((byte)'\n', line.WrittenSpan.ToArray());
        Assert.Equal(new CustomerAddress(row.Tenant, row.Customer!.Value), ArchivedRow.AddressOf(line.WrittenSpan));
        return ArchivedRow.Read(row.Shard, line.WrittenSpan);
    }

    private CustomerKey Key()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new CustomerKey(new Guid(bytes));
    }

    private static LogRow Row(CustomerAddress customer, long position, string open)
    {
        var at = Instant.FromUtc(2026, 9, 3, 10, 0) + Duration.FromMilliseconds(position);
        return new LogRow(3, position, at, at, Instant.FromUtc(2026, 9, 3, 9, 0), customer.Tenant, customer.Key, EventKind.Input, "order_completed", 1, false, 0, null, null,
            new RecordId(new Guid((int)position, 0, 0, new byte[8])), Encoding.UTF8.GetBytes(open), null);
    }

    private static void AssertSame(List<LogRow> expected, List<LogRow> found)
    {
        Assert.Equal(expected.Select(Told), found.Select(Told));

        static string Told(LogRow row) => $"{row with { Open = default, Sealed = null }} {Convert.ToHexString(row.Open.Span)} "
            + (row.Sealed is { } personal ? Convert.ToHexString(personal.Span) : "none");
    }
}
