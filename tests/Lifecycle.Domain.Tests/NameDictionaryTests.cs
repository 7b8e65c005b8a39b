using Lifecycle.Domain.States;
using Xunit;

namespace Lifecycle.Domain.Tests;

public sealed class NameDictionaryTests
{
    [Fact]
    public void Names_stand_in_ordinal_order_however_they_came_and_each_once()
    {
        var some = new NameDictionary<int>().With("b", 1).With("a", 2).With("B", 3).With("b", 4);
        Assert.Equal(["B", "a", "b"], some.Keys);
        Assert.Equal((3, 4, 2), (some.Count, some["b"], some.GetValueOrDefault("a")));
    }

    [Fact]
    public void What_is_added_or_removed_is_so_in_another_and_not_in_the_one_before()
    {
        var before = new NameDictionary<int>().With("a", 1).With("b", 2);
        var after = before.Without("a").With("c", 3).Without("nobody");
        Assert.Equal(["a", "b"], before.Keys);
        Assert.Equal(["b", "c"], after.Keys);
        Assert.False(after.ContainsKey("a"));
    }

    [Fact]
    public void The_default_is_empty()
    {
        NameDictionary<int> none = default;
        Assert.Empty(none);
        Assert.False(none.TryGetValue("a", out _));
        Assert.Empty(none.Without("a"));
        foreach (var _ in none) Assert.Fail("There is nothing in it.");
    }
}
