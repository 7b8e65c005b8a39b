namespace Lifecycle.Domain.Rules.Syntax;

/// <summary>A definition as it was written: every part is a text that knows its place. Whether it makes sense is for the checker.</summary>
public sealed record DefinitionSyntax
{
    public required SourceFile File { get; init; }
    public required RuleText Name { get; init; }
    public IReadOnlyList<Titled> Titles { get; init; } = [];

    /// <summary>A name of the time-zone database; UTC where absent.</summary>
    public RuleText? Zone { get; init; }

    /// <summary>ISO 4217; must be there where anything is money.</summary>
    public RuleText? Currency { get; init; }

    /// <summary>What is known of a customer, by name and type.</summary>
    public IReadOnlyList<Declared> Attributes { get; init; } = [];
    public IReadOnlyList<EventContract> Events { get; init; } = [];

    /// <summary>Names and the expressions they stand for.</summary>
    public IReadOnlyList<Declared> Metrics { get; init; } = [];
    public IReadOnlyList<TrackSyntax> Tracks { get; init; } = [];
}

/// <summary>A name and what is said of it: a type, a rule, a cap.</summary>
public sealed record Declared(RuleText Name, RuleText Content);

/// <summary>A title in one language.</summary>
public sealed record Titled(RuleText Language, RuleText Title);

/// <summary>An event with its properties and their types.</summary>
public sealed record EventContract(RuleText Name, IReadOnlyList<Declared> Properties);

public sealed record TrackSyntax(RuleText Name, IReadOnlyList<StageSyntax> Stages);

public sealed record StageSyntax
{
    public required RuleText Name { get; init; }
    public IReadOnlyList<Titled> Titles { get; init; } = [];
    public RuleText? Group { get; init; }

    /// <summary>Stages or groups; null where not restricted.</summary>
    public IReadOnlyList<RuleText>? From { get; init; }
    public RuleText? When { get; init; }
    public RuleText? Keep { get; init; }
    public RuleText? Confirm { get; init; }
    public RuleText? MinimumStay { get; init; }
}

/// <summary>A journey as it was written.</summary>
public sealed record JourneySyntax
{
    public required SourceFile File { get; init; }
    public required RuleText Name { get; init; }
    public RuleText? Kind { get; init; }
    public required RuleText Trigger { get; init; }
    public RuleText? Audience { get; init; }
    public RuleText? Exit { get; init; }
    public RuleText? Again { get; init; }
    public RuleText? Priority { get; init; }
    public required IReadOnlyList<StepSyntax> Steps { get; init; }
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
public sealed record SettingsSyntax(SourceFile File, RuleText Name, IReadOnlyList<Declared> Caps);
