using Lifecycle.Ingestion.Protocols.Segment;

namespace Lifecycle.Ingestion;

/// <summary>A request as it came in, before anything about it is known to be true.</summary>
/// <param name="Route">Which messages it may hold.</param>
/// <param name="Body">Still in its encoding.</param>
/// <param name="Encoding">The Content-Encoding header, or null.</param>
/// <param name="Historical">Whether the request marks all its events as imported history.</param>
/// <param name="Key">The key from the Basic user name or X-Write-Key; it goes before the body's own.</param>
/// <param name="BearerKey">The key from a Bearer token; the body's own goes before it.</param>
public sealed record IntakeRequest(SegmentRoute Route, ReadOnlyMemory<byte> Body, string? Encoding, bool Historical, string? Key, string? BearerKey);
