using System.Net;
using Lifecycle.Delivery.Channels.Webhook;

namespace Lifecycle.Delivery.Tests;

public class AddressRulesTests
{
    public static TheoryData<string> Refused() => [.. Texts("deny")];

    public static TheoryData<string> Allowed() => [.. Texts("allow")];

    public static TheoryData<string> RefusedNetworks() => [.. Texts("blocked")];

    [Theory]
    [MemberData(nameof(Refused))]
    [InlineData("::7f00:1")] // 127.0.0.1, in IPv6's first way to embed it
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")] // Teredo
    [InlineData("fec0::1")]
    [InlineData("fe80::1%2")]
    public void An_address_that_is_not_public_is_refused(string address) =>
        Assert.False(AddressRules.PublicOnly.Allow(IPAddress.Parse(address)), address);

    [Theory]
    [MemberData(nameof(Allowed))]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    public void A_public_address_is_allowed(string address) =>
        Assert.True(AddressRules.PublicOnly.Allow(IPAddress.Parse(address)), address);

    [Theory]
    [MemberData(nameof(RefusedNetworks))]
    public void Every_special_network_is_refused_from_its_first_address_to_its_last(string text)
    {
        var network = IPNetwork.Parse(text);
        var last = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < last.Length * 8; bit++) last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        Assert.False(AddressRules.PublicOnly.Allow(network.BaseAddress), $"{network.BaseAddress}");
        Assert.False(AddressRules.PublicOnly.Allow(new IPAddress(last)), $"{new IPAddress(last)}");
    }

    [Fact]
    public void An_operator_may_allow_networks_and_single_addresses()
    {
        var rules = AddressRules.Allowing("127.0.0.0/8, ::1 10.1.0.0/16");
        Assert.True(rules.Allow(IPAddress.Parse("127.0.0.1")));
        Assert.True(rules.Allow(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.True(rules.Allow(IPAddress.Parse("::1")));
        Assert.True(rules.Allow(IPAddress.Parse("10.1.255.255")));
        Assert.True(rules.Allow(IPAddress.Parse("8.8.8.8")));
        Assert.False(rules.Allow(IPAddress.Parse("10.2.0.0")));
        Assert.False(rules.Allow(IPAddress.Parse("::2")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public void An_empty_list_allows_nothing_more(string? list) => Assert.False(AddressRules.Allowing(list).Allow(IPAddress.Loopback));

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8,nonsense")]
    public void A_list_with_something_else_is_refused_by_name(string list)
    {
        var wrong = Assert.Throws<FormatException>(() => AddressRules.Allowing(list));
        Assert.Contains(list.Split(',')[^1], wrong.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(string name) =>
        Vectors.Read("addresses").GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
}
