namespace Lifecycle.Rules.Checking;

/// <summary>How much a release may hold. Each limit that is passed is an error with its place.</summary>
public static class Limits
{
    public const int Metrics = 200;

    /// <summary>Of all tracks of a definition together.</summary>
    public const int Stages = 50;

    /// <summary>Of different names, over all stages.</summary>
    public const int Benefits = 50;

    /// <summary>Rules by which points are earned.</summary>
    public const int EarnRules = 20;

    /// <summary>Currencies that are converted.</summary>
    public const int Currencies = 200;

    /// <summary>Events that refund others.</summary>
    public const int Refunds = 50;

    public const int Journeys = 200;

    /// <summary>Of one journey.</summary>
    public const int Steps = 100;

    /// <summary>Above and below zero.</summary>
    public const int Priority = 1000;

    public const int Caps = 50;

    /// <summary>How many days a cap looks back.</summary>
    public const int CapDays = 400;

    /// <summary>Calendar days that a window goes back: ten years, leap days included.</summary>
    public const int CalendarDays = 3653;

    /// <summary>Calendar months that a window goes back: ten years.</summary>
    public const int CalendarMonths = 120;

    /// <summary>Parts that one rule is made of, its metrics included: each is judged, and explained at every move.</summary>
    public const int Parts = 1000;

    /// <summary>How deep parts lie within parts, metrics included.</summary>
    public const int Depth = 200;

    /// <summary>Characters of a name.</summary>
    public const int Name = 100;

    /// <summary>Characters of a title.</summary>
    public const int Title = 200;
}
