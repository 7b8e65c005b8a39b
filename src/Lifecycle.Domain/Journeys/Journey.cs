using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;

namespace Lifecycle.Domain.Journeys;

/// <summary>A workflow: what sets it off, for whom, what it does step by step, and what ends it at once.</summary>
public sealed record Journey
{
    public required string Name { get; init; }

    /// <summary>retention, win-back, vip, onboarding, care or custom.</summary>
    public string Kind { get; init; } = "custom";
    public required Trigger Trigger { get; init; }

    /// <summary>Who is eligible, judged once at the trigger; everyone if null.</summary>
    public Term? Audience { get; init; }

    /// <summary>Ends the enrolment at the instant it holds, in the middle of any wait. Nobody enters while it holds.</summary>
    public Term? Exit { get; init; }

    /// <summary>What is asked of a customer for as long as they are inside.</summary>
    internal IEnumerable<Term> AskedInside => Exit is null ? [] : [Exit];
    public Again Again { get; init; } = Again.OneAtATime;

    /// <summary>Of journeys due at one instant the higher goes first; then by name. Default 0.</summary>
    public int Priority { get; init; }
    public required ImmutableArray<JourneyStep> Steps { get; init; }
}

/// <summary>A customer's move into or out of some stages of a track, from where a settling began to where it ended.</summary>
public sealed record Trigger(string Track, ImmutableArray<string> Stages, bool Entering)
{
    /// <param name="before">The stage at the beginning of the settling; null for a customer who had none.</param>
    public bool IsSetOffBy(string? before, string after)
    {
        var (was, isNow) = (before is not null && Stages.Contains(before), Stages.Contains(after));
        return Entering ? !was && isNow : was && !isNow;
    }
}

/// <summary>Whether a customer may be enrolled again.</summary>
/// <param name="Mode">Never again; always, even beside a running enrolment; one at a time; or one at a time and a while after the last one
/// began.</param>
/// <param name="Pause">That while, in milliseconds.</param>
public sealed record Again(AgainMode Mode, long Pause = 0)
{
    public static readonly Again OneAtATime = new(AgainMode.OneAtATime);
}

public enum AgainMode : byte { OneAtATime, Never, Always, After }

/// <summary>One step of a journey. The set is closed.</summary>
public abstract record JourneyStep
{
    private protected JourneyStep()
    {
    }
}

/// <summary>Asks Delivery to send a template over a channel.</summary>
public sealed record Send(string Channel, string Template) : JourneyStep;

/// <summary>Rests for a duration in milliseconds.</summary>
public sealed record Wait(long Duration) : JourneyStep;

/// <summary>Ends the enrolment, with a word to say why.</summary>
public sealed record End(string Because) : JourneyStep;

/// <summary>At most so many requests on a channel within a sliding window; what would exceed it is withheld.</summary>
/// <param name="Window">In milliseconds.</param>
public sealed record FrequencyCap(string Channel, int Requests, long Window)
{
    /// <summary>The most requests that a cap may allow, and hence as many as are remembered for caps; beyond, the oldest are forgotten.</summary>
    public const int RequestsMax = 1000;
}
