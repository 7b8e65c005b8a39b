using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Syntax;

/// <summary>A definition as it was written: every part is a text that knows its place. Whether it makes sense is for the checker.</summary>
/// <remarks>Two are equal when all their texts are, in the same order; where they were written makes no difference.</remarks>
public sealed record DefinitionSyntax
{
    public required RuleText Name { get; init; }
    public EquatableList<Titled> Titles { get; init; } = [];

    /// <summary>A name of the time-zone database; UTC where absent.</summary>
    public RuleText? Zone { get; init; }

    /// <summary>ISO 4217; must be there where anything is money.</summary>
    public RuleText? Currency { get; init; }

    /// <summary>Currencies and what one of each is in the definition's own.</summary>
    public EquatableList<Declared> Exchange { get; init; } = [];

    /// <summary>Events that take back what others earned: a refund's name and that of what it refunds.</summary>
    public EquatableList<Declared> Refunds { get; init; } = [];

    /// <summary>What is known of a customer, by name and type.</summary>
    public EquatableList<Declared> Attributes { get; init; } = [];
    public EquatableList<EventContract> Events { get; init; } = [];

    /// <summary>Names and the expressions they stand for.</summary>
    public EquatableList<Declared> Metrics { get; init; } = [];
    public EquatableList<TrackSyntax> Tracks { get; init; } = [];

    /// <summary>How points are earned and when they expire; null where customers have none.</summary>
    public PointsSyntax? Points { get; init; }
}

/// <summary>A name and what is said of it: a type, a rule, a cap.</summary>
public sealed record Declared(RuleText Name, RuleText Content);

/// <summary>A title in one language.</summary>
public sealed record Titled(RuleText Language, RuleText Title);

/// <summary>An event with its properties and their types.</summary>
public sealed record EventContract(RuleText Name, EquatableList<Declared> Properties);

public sealed record TrackSyntax(RuleText Name, EquatableList<StageSyntax> Stages);

public sealed record StageSyntax
{
    public required RuleText Name { get; init; }
    public EquatableList<Titled> Titles { get; init; } = [];
    public RuleText? Group { get; init; }

    /// <summary>The stage's name in an earlier release.</summary>
    public RuleText? Was { get; init; }

    /// <summary>Stages or groups; null where not restricted.</summary>
    public EquatableList<RuleText>? From { get; init; }
    public RuleText? When { get; init; }
    public RuleText? Keep { get; init; }
    public RuleText? Confirm { get; init; }
    public RuleText? MinimumStay { get; init; }

    /// <summary>What a customer has while in the stage, by name.</summary>
    public EquatableList<RuleText> Benefits { get; init; } = [];

    /// <summary>For how long benefits last after the stage was left.</summary>
    public RuleText? Grace { get; init; }
}

/// <summary>How points are earned and when they expire.</summary>
/// <param name="Section">The name <c>points</c>, by which its place is known.</param>
/// <param name="Expire">A duration; null where points last for ever.</param>
public sealed record PointsSyntax(RuleText Section, EquatableList<EarnSyntax> Earn, RuleText? Expire);

/// <summary>For which event how many points are earned.</summary>
public sealed record EarnSyntax(RuleText Event, RuleText? Where, RuleText Points);

/// <summary>A journey as it was written.</summary>
public sealed record JourneySyntax
{
    public required RuleText Name { get; init; }
    public RuleText? Kind { get; init; }
    public required RuleText Trigger { get; init; }
    public RuleText? Audience { get; init; }
    public RuleText? Exit { get; init; }
    public RuleText? Again { get; init; }
    public RuleText? Priority { get; init; }
    public required EquatableList<StepSyntax> Steps { get; init; }
}

/// <summary>A step as it was written. The set is closed.</summary>
public abstract record StepSyntax
{
    private protected StepSyntax()
    {
    }
}

public sealed record SendSyntax(RuleText Channel, RuleText Template) : StepSyntax;

public sealed record WaitSyntax(RuleText Duration) : StepSyntax;

/// <param name="Because">A word for the timeline.</param>
public sealed record EndSyntax(RuleText Because) : StepSyntax;

/// <summary>Settings as they were written.</summary>
/// <param name="Caps">Channel and cap; a channel may have several.</param>
public sealed record SettingsSyntax(RuleText Name, EquatableList<Declared> Caps)
{
    /// <summary>What becomes of attributes and properties that no definition declares: <c>sealed</c> or <c>open</c>; null where nothing is
    /// said.</summary>
    public RuleText? Undeclared { get; init; }

    /// <summary>Providers whose names of events are understood.</summary>
    public EquatableList<RuleText> Names { get; init; } = [];
}

/// <summary>So many requests at most in such a time.</summary>
public sealed record CapSyntax(decimal Requests, DurationLiteral Window);
