using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Wording;

/// <summary>How a value is compared and told: as so many of something, as an amount, as time passed, as an instant, or just as it is.</summary>
internal enum ValueKind { Count, Amount, Duration, Time, Other }

/// <summary>A value in a condition, in the words of one language.</summary>
/// <param name="Noun">What it is a value of.</param>
internal sealed record Measure(ValueKind Kind, string Noun, Value Value)
{
    /// <summary>Its noun tells what it is; otherwise a metric that stands for it is better called by its name.</summary>
    public bool IsPlain { get; init; } = true;

    public bool IsMoney { get; init; }

    /// <summary>A constant of the rule.</summary>
    public bool IsConstant { get; init; }

    public CountedThings? Counted { get; init; }

    public ElapsedTime? Passing { get; init; }

    /// <summary>What is said where there is no value; null for what is simply not known.</summary>
    public string? Never { get; init; }

    /// <summary>The event that gives it a value; null where there is always one.</summary>
    public string? Event { get; init; }
}

/// <summary>Something counted.</summary>
/// <param name="One">"purchase".</param>
/// <param name="Many">"purchases".</param>
/// <param name="Events">The events it is counted of, where they are something else.</param>
internal sealed record CountedThings(CountPhrases Phrases, string One, string Many, string Events, string Window)
{
    /// <summary>Counted of all there ever were.</summary>
    public bool IsEver { get; init; }

    public CountedThings WithoutEver => IsEver ? this with { Window = "" } : this;

    public string Say(Renderer renderer, PhraseText phrase, decimal count, string number) => renderer.Say(phrase,
        ("there", renderer.There(count != 1)), ("count", number), ("things", count == 1 ? One : Many), ("events", Events), ("window", Window));
}

/// <summary>Time since something.</summary>
/// <param name="Since">What it was.</param>
/// <param name="At">When it was.</param>
/// <param name="Again">The event that would begin it anew: "session"; null where none does.</param>
internal sealed record ElapsedTime(string Since, Instant At, string? Again);
