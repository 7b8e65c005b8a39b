using System.Globalization;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Values;

/// <summary>The types of the rules language. Every expression has one, checked before anything runs.</summary>
/// <remarks>Sealed is the type of no expression: it stands in explanations in the place of a value that is personal.</remarks>
public enum RuleType : byte { Missing, Number, Text, Truth, Time, Date, Duration, List, Sealed }

/// <summary>One value of the rules language.</summary>
/// <remarks>Numbers and money are decimals, never floating point. Times are whole milliseconds since 1970 in UTC, durations milliseconds up to
/// <see cref="Durations.Max"/>, dates days since 1970-01-01; all three are held in the decimal, exactly.</remarks>
public readonly struct Value : IEquatable<Value>
{
    private readonly decimal _number;
    private readonly object? _content;

    private Value(RuleType type, decimal number, object? content = null) => (Type, _number, _content) = (type, number, content);

    /// <summary>What is not known. A comparison with it is false, arithmetic with it is missing again.</summary>
    public static readonly Value Missing;
    public static readonly Value True = new(RuleType.Truth, 1);
    public static readonly Value False = new(RuleType.Truth, 0);

    /// <summary>What an explanation has in the place of what is personal.</summary>
    public static readonly Value Sealed = new(RuleType.Sealed, 0);

    public static Value Of(decimal number) => new(RuleType.Number, number);

    /// <summary>A number that comes in, in the form of <see cref="Numbers.Entering"/>; missing where it is too large.</summary>
    public static Value Entering(decimal number) => Numbers.Entering(number) is { } entered ? Of(entered) : Missing;

    /// <summary>A sum; missing where it exceeds a decimal.</summary>
    public static Value Of(ExactTotal total) => total.ToDecimal() is { } sum ? Of(sum) : Missing;
    public static Value Of(string text) => new(RuleType.Text, 0, text);
    public static Value Of(bool truth) => truth ? True : False;
    public static Value Of(Instant instant) => new(RuleType.Time, instant.ToUnixTimeMilliseconds());
    public static Value Of(LocalDate date) => new(RuleType.Date, Period.DaysBetween(new LocalDate(1970, 1, 1), date));
    public static Value OfDays(decimal daysSince1970) => new(RuleType.Date, daysSince1970);
    public static Value OfTime(long milliseconds) => new(RuleType.Time, milliseconds);
    public static Value Of(EquatableList<Value> list) => new(RuleType.List, 0, list);
    public static Value OfDuration(decimal milliseconds) => new(RuleType.Duration, milliseconds);

    /// <summary>Puts together again what was kept apart: <see cref="Type"/>, <see cref="Magnitude"/> and <see cref="Content"/>.</summary>
    internal static Value Restore(RuleType type, decimal number, object? content) => new(type, number, content);

    /// <summary>A number of any unit: the same type as this, with another magnitude.</summary>
    public Value With(decimal magnitude) => new(Type, magnitude);

    /// <summary>As it is stored and told: in the form of <see cref="Numbers.Stored"/>.</summary>
    public Value Stored() => Type is RuleType.Number or RuleType.Duration ? With(Numbers.Stored(_number)) : this;

    public RuleType Type { get; }
    public bool IsMissing => Type == RuleType.Missing;

    /// <summary>True only for true: missing counts as false wherever a truth is wanted.</summary>
    public bool IsTrue => Type == RuleType.Truth && _number == 1;

    /// <summary>The number; for times, dates and durations their milliseconds or days.</summary>
    public decimal Magnitude => _number;

    /// <summary>The text or the list; null for any other type.</summary>
    internal object? Content => _content;
    public string Text => _content as string ?? "";

    /// <summary>The values of a list; empty for any other type.</summary>
    public EquatableList<Value> Items => _content is EquatableList<Value> items ? items : [];
    public Instant Time => Instant.FromUnixTimeMilliseconds((long)_number);
    public LocalDate Date => new LocalDate(1970, 1, 1).PlusDays((int)_number);

    /// <summary>Less than zero, zero, more than zero; null where the two cannot be compared, hence where either is missing.</summary>
    public static int? Compare(Value a, Value b) => (a.Type, b.Type) switch
    {
        (RuleType.Missing or RuleType.List or RuleType.Sealed, _) or (_, RuleType.Missing) => null,
        (RuleType.Text, RuleType.Text) => string.CompareOrdinal(a.Text, b.Text),
        var (x, y) when x == y => a._number.CompareTo(b._number),
        _ => null,
    };

    public bool Equals(Value other) => Type == other.Type && _number == other._number && Equals(_content, other._content);
    public override bool Equals(object? obj) => obj is Value other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Type, _number, _content);
    public static bool operator ==(Value a, Value b) => a.Equals(b);
    public static bool operator !=(Value a, Value b) => !a.Equals(b);

    /// <summary>As JSON and people read it: numbers with exact digits, times as ISO 8601, durations as ISO 8601, missing as the empty text.</summary>
    public override string ToString() => Type switch
    {
        RuleType.Missing => "",
        RuleType.Sealed => "sealed",
        RuleType.Text => Text,
        RuleType.List => string.Join(", ", Items),
        RuleType.Truth => IsTrue ? "true" : "false",
        RuleType.Time => Time.ToIso(),
        RuleType.Date => Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
        RuleType.Duration => Durations.ToIso((long)decimal.Floor(_number)),
        RuleType.Number => Numbers.ToText(_number),
    };
}
