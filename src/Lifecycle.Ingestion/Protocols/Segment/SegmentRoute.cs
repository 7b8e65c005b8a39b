using System.Collections.Frozen;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>A route of Segment's tracking API: the last part of its address and the type of message it takes.</summary>
/// <param name="Name">As in <c>/v1/NAME</c>.</param>
/// <param name="Type">Null where a message names its own type, in a batch.</param>
public sealed record SegmentRoute(string Name, string? Type)
{
    /// <summary>Every route. <c>import</c> is an alias of <c>batch</c>: three SDKs send live traffic there.</summary>
    public static readonly IReadOnlyList<SegmentRoute> All =
    [
        new("batch", null), new("b", null), new("import", null),
        new("track", "track"), new("t", "track"),
        new("identify", "identify"), new("i", "identify"),
        new("alias", "alias"), new("a", "alias"),
        new("group", "group"), new("g", "group"),
        new("page", "page"), new("p", "page"),
        new("screen", "screen"), new("s", "screen"),
    ];

    private static readonly FrozenDictionary<string, SegmentRoute> ByName = All.ToFrozenDictionary(route => route.Name);

    public static SegmentRoute Named(string name) => ByName[name];
}
