namespace Lifecycle.EventLog.Tenants;

/// <summary>Whose customers they are. Nothing is shared between two tenants.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Test">A test tenant has its own clock, which stands still between advances.</param>
/// <param name="Secret">32 bytes; keys the hashes of customer ids and never leaves the database and this process.</param>
public sealed record Tenant(int Id, string Name, bool Test, byte[] Secret);
