namespace Lifecycle.Rules.Syntax;

/// <summary>The stable words by which machines tell errors apart.</summary>
public static class ErrorCodes
{
    /// <summary>The text is not in the form that the language has at this place.</summary>
    public const string Syntax = "syntax";

    /// <summary>A character or sign from elsewhere: full-width punctuation, <c>=</c>, <c>&amp;&amp;</c>.</summary>
    public const string Sign = "sign";

    /// <summary>A number without its unit, or a unit that does not exist.</summary>
    public const string Unit = "unit";

    /// <summary>The file is not YAML as definitions use it.</summary>
    public const string Yaml = "yaml";

    /// <summary>A member that does not belong here, or one that is missing.</summary>
    public const string Member = "member";

    /// <summary>A name that is neither declared nor built in.</summary>
    public const string UnknownName = "unknown_name";

    /// <summary>Two things share a name that must be unique.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Values of different kinds are put together.</summary>
    public const string Type = "type";

    /// <summary>Something is too long, too many or too deep.</summary>
    public const string Limit = "limit";

    /// <summary>The language has it, this version does not.</summary>
    public const string NotKnownYet = "not_known_yet";

    /// <summary>Metrics that are made from each other.</summary>
    public const string Circular = "circular";

    /// <summary>Legal, and surely not meant.</summary>
    public const string Warning = "warning";

    /// <summary>A stage or journey whose rules cannot do what they say.</summary>
    public const string Rule = "rule";
}
