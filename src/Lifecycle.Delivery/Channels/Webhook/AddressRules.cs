using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Lifecycle.Delivery.Channels.Webhook;

/// <summary>Which addresses a message may go to: the public internet, and what the operator has allowed besides.</summary>
/// <remarks>An endpoint's URL is chosen by a customer of the operator, so without this anyone could have the server speak to its own
/// neighbours. The rules judge the address really connected to; a name is no proof of anything.</remarks>
public sealed class AddressRules
{
    /// <summary>The rules of a server on the public internet: nothing private is allowed.</summary>
    public static readonly AddressRules PublicOnly = new([]);

    // Of IPv4 what the IANA registry of special-purpose addresses lists, and multicast.
    private static readonly ImmutableArray<IPNetwork> RefusedOfVersion4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // behind a carrier's address translation
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("169.254.0.0/16"), // link-local, and the clouds' metadata
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    // Of IPv6 only global unicast is allowed at all; that leaves out loopback, link-local, unique local, multicast, NAT64 and what is yet unassigned.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly ImmutableArray<IPNetwork> RefusedOfGlobalUnicast =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments, among them Teredo, which embeds IPv4 addresses
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4, which embeds IPv4 addresses
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    private readonly ImmutableArray<IPNetwork> _allowed;

    private AddressRules(ImmutableArray<IPNetwork> allowed) => _allowed = allowed;

    /// <summary>The rules with an operator's list of networks that are allowed although they are not public.</summary>
    /// <param name="allowed">Networks such as <c>127.0.0.0/8</c> or single addresses, separated by commas or spaces; empty or null for none.</param>
    /// <exception cref="FormatException">Something in the list is no network; the message names it.</exception>
    public static AddressRules Allowing(string? allowed) =>
        new([.. (allowed ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(ParseNetwork)]);

    /// <summary>Whether a connection to this address is allowed. An IPv4 address mapped into IPv6 is judged as the IPv4 address it is.</summary>
    public bool Allow(IPAddress address)
    {
        var judged = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowed.Any(network => network.Contains(judged)) || IsPublic(judged);
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !RefusedOfVersion4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => GlobalUnicast.Contains(address) && !RefusedOfGlobalUnicast.Any(network => network.Contains(address)),
        _ => false,
    };

    private static IPNetwork ParseNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        throw new FormatException($"'{text}' is neither an address nor a network such as 10.1.0.0/16.");
    }
}
