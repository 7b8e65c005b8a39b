using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lifecycle.Domain.Evaluation;

/// <summary>The functions of the rules language. The set is closed.</summary>
public enum FunctionKind : byte
{
    Since, Default, Known, Floor, Ceil, Round, Abs, Least, Greatest, PercentChange, Mod, PointsExpiring, TypicalGap, Top, Quantile,
}

/// <summary>All that is known of one function before its values are: parser, checker, schema and sentences read it here.</summary>
/// <param name="Name">As rules write it.</param>
/// <param name="Form">How a call is written.</param>
/// <param name="Meaning">A sentence for whoever writes rules.</param>
public sealed record FunctionEntry(FunctionKind Kind, string Name, string Form, string Meaning);

/// <summary>The one list of functions.</summary>
public static class FunctionRegistry
{
    /// <summary>Every function once, in the order of the enum.</summary>
    public static readonly ImmutableArray<FunctionEntry> All =
    [
        new(FunctionKind.Since, "since", "since(time)", "The time from an instant until now."),
        new(FunctionKind.Default, "default", "default(x, y)", "The first value, or the second where the first is missing."),
        new(FunctionKind.Known, "known", "known(x)", "Whether there is a value."),
        new(FunctionKind.Floor, "floor", "floor(x)", "Rounded down to a whole number."),
        new(FunctionKind.Ceil, "ceil", "ceil(x)", "Rounded up to a whole number."),
        new(FunctionKind.Round, "round", "round(x)", "Rounded to the nearest whole number."),
        new(FunctionKind.Abs, "abs", "abs(x)", "Without its sign."),
        new(FunctionKind.Least, "least", "least(x, y, …)", "The least of several values."),
        new(FunctionKind.Greatest, "greatest", "greatest(x, y, …)", "The greatest of several values."),
        new(FunctionKind.PercentChange, "percent_change", "percent_change(before, after)", "By how many percent a value changed."),
        new(FunctionKind.Mod, "mod", "mod(x, n)", "What is left when x is divided by n."),
        new(FunctionKind.PointsExpiring, "points.expiring", "points.expiring(30 days)", "The points that expire within a duration."),
        new(FunctionKind.TypicalGap, "typical_gap", "typical_gap(event)", "The usual time between the days with an event."),
        new(FunctionKind.Top, "top", "top(metric, 10%)", "Whether a customer is in the top share of all customers by a metric."),
        new(FunctionKind.Quantile, "quantile", "quantile(metric, 5)", "Which of n groups of equal size a customer is in, 1 for the lowest."),
    ];

    private static readonly FrozenDictionary<string, FunctionEntry> ByName = All.ToFrozenDictionary(entry => entry.Name);

    /// <summary>What is known of a function by its name; null where there is none of that name.</summary>
    public static FunctionEntry? Find(string name) => ByName.GetValueOrDefault(name);
}
