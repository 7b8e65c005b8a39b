using System.Text.Json;

namespace Lifecycle.Domain.Events;

/// <summary>How JSON is read that the log holds.</summary>
/// <remarks>The 64 levels that System.Text.Json allows by itself are too few. Intake lets in events as deep as that, and in a row and in an answer
/// they lie some levels deeper; an explanation has two levels for each level of its condition.</remarks>
public static class StoredJson
{
    /// <summary>More than anything stored is deep.</summary>
    public const int DepthMax = 512;

    public static readonly JsonReaderOptions Reading = new() { MaxDepth = DepthMax };
    public static readonly JsonDocumentOptions Parsing = new() { MaxDepth = DepthMax };
}
