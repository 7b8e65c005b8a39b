namespace Lifecycle.Ingestion.Tests;

public sealed class MessageHashTests
{
    [Fact]
    public void It_is_the_same_for_ever()
    {
        // Ids in the log were made by it: another answer would let every repeat in.
        Assert.Equal(new Guid("99aa06d3-0147-98d8-6001-c324468d497f"), MessageHash.Of(""));
        Assert.Equal(MessageHash.Of("grüezi 你好"u8), MessageHash.Of("grüezi 你好"));
    }

    [Fact]
    public void No_two_of_many_are_alike()
    {
        var ids = Enumerable.Range(0, 100_000).Select(n => $"node-next-1795310151863-{n:D12}").Append(new string('x', 10_000)).Append(new string('x', 10_001)).ToList();
        Assert.Equal(ids.Count, ids.Select(MessageHash.Of).Distinct().Count());
    }
}
