namespace Lifecycle.Projections.Processing;

/// <summary>How a round of a shard's processor ended: with work done, with nothing to do, or with the lease in other hands.</summary>
internal enum ProcessingRound { Worked, Idle, LeaseLost }
