using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Loyalty;

/// <summary>A benefit that a customer has.</summary>
/// <param name="ConferredBy">The present stages that confer it.</param>
/// <param name="GraceEnd">When the last grace of the stages that were left ends; <see cref="Instants.Beginning"/> for none.</param>
public sealed record Benefit(Instant Since, ImmutableArray<BenefitGrant> ConferredBy, Instant GraceEnd)
{
    /// <summary>When it ends; null while a stage confers it.</summary>
    public Instant? Until => ConferredBy.IsEmpty ? GraceEnd : null;

    /// <summary>The same with other stages conferring it from an instant on. A stage that is left leaves its grace behind.</summary>
    public Benefit With(ImmutableArray<BenefitGrant> conferredBy, Instant clock)
    {
        var graceEnd = GraceEnd;
        foreach (var before in ConferredBy)
            if (!conferredBy.Any(now => now.Track == before.Track && now.Stage == before.Stage))
                graceEnd = Instants.Later(graceEnd, clock.After(before.Grace));
        return new Benefit(Since, conferredBy, graceEnd);
    }
}

/// <param name="Grace">How long the benefit lasts after the stage is left, in milliseconds.</param>
public readonly record struct BenefitGrant(string Track, string Stage, long Grace);
