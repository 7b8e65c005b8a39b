using System.Globalization;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Api.Http;

/// <summary>Reads the parameters of one request and gathers everything that is wrong with them.</summary>
public sealed class Parameters
{
    private readonly List<ProblemItem> _problems = [];

    /// <summary>The answer that refuses the request; null while nothing is wrong.</summary>
    public IResult? Refusal => _problems.Count == 0 ? null
        : Problems.Of(StatusCodes.Status400BadRequest, "bad_parameter", _problems[0].Detail, _problems);

    public Instant? Instant(string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (EmbeddedTexts.ReadInstant(text) is { } instant) return instant;
        return Refuse<Instant?>(name, $"'{text}' is no instant; write it as 2026-11-22T08:00:00Z.");
    }

    /// <summary>An instant that is not later than the present.</summary>
    public Instant? Past(string name, string? text, Instant present)
    {
        var instant = Instant(name, text);
        return instant > present ? Refuse<Instant?>(name, $"'{text}' has not come yet; it is {present.ToIso()} now.") : instant;
    }

    public int Limit(string? text, int otherwise = ListAnswers.LimitDefault, int max = ListAnswers.LimitMax) =>
        Number("limit", text, otherwise, 1, max);

    public int Number(string name, string? text, int otherwise, int min, int max)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        return Refuse<int>(name, $"'{text}' is not a whole number from {min} to {max}.");
    }

    /// <summary>One of the words; the first when nothing is said.</summary>
    public string Choice(string name, string? text, params string[] words)
    {
        if (string.IsNullOrEmpty(text)) return words[0];
        return words.Contains(text) ? text : Refuse<string>(name, $"'{text}' is not one of {string.Join(", ", words)}.")!;
    }

    public T? Cursor<T>(string? text) where T : class
    {
        if (string.IsNullOrEmpty(text)) return null;
        return ListAnswers.FromCursor<T>(text) ?? Refuse<T>("cursor", "This cursor was not made by this list.");
    }

    public T? Refuse<T>(string name, string detail)
    {
        _problems.Add(new ProblemItem(name, detail));
        return default;
    }
}
