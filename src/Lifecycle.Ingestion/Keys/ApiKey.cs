using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Protocols.Segment;

namespace Lifecycle.Ingestion.Keys;

/// <summary>What a key is for.</summary>
public enum KeyKind : byte
{
    /// <summary>Sends events.</summary>
    Write,

    /// <summary>Reads and steers, and may do all that a write key may.</summary>
    Admin,
}

/// <summary>What a key opens.</summary>
/// <param name="Tenant">Whose customers the key's events are about. It never comes from an address or a body.</param>
/// <param name="Clock">Whose clock says when the key's live events happened.</param>
public sealed record ApiKey(Tenant Tenant, KeyKind Kind, ClockMode Clock);
