using System.Text;

namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class LentBytesTests
{
    [Fact]
    public void Pieces_of_every_size_stay_in_order()
    {
        using var bytes = new PooledBuffer();
        var sent = new byte[300_000];
        new Random(1).NextBytes(sent);
        for (int from = 0, size = 1; from < sent.Length; from += size, size = Math.Min(size * 3, sent.Length - from))
        {
            sent.AsMemory(from, size).CopyTo(bytes.Room(size));
            bytes.Add(size);
        }
        Assert.Equal(sent, bytes.Bytes.ToArray());
    }

    [Fact]
    public void What_was_given_back_is_not_given_back_twice()
    {
        var bytes = new PooledBuffer();
        "body"u8.CopyTo(bytes.Room().Span);
        bytes.Add(4);
        Assert.Equal("body", Encoding.UTF8.GetString(bytes.Bytes.Span));
        bytes.Dispose();
        bytes.Dispose();
        Assert.True(bytes.Bytes.IsEmpty);
        using PooledBuffer one = new(), other = new();
        Assert.False(one.Room().Span == other.Room().Span);
    }
}
