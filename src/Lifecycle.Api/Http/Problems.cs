using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace Lifecycle.Api.Http;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Place">What is meant: a query parameter, a JSON pointer into the body, or a file's name.</param>
/// <param name="Detail">A sentence.</param>
public sealed record ProblemItem([property: JsonPropertyName("pointer")] string Place, string Detail)
{
    /// <summary>Where in a text, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Line { get; init; }

    /// <summary>Where in the line, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Column { get; init; }

    /// <summary>The line underlined, as a terminal shows it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }
}

/// <summary>An error as RFC 9457 writes it, with a stable code for programs and, for SDKs that look there, the sentence once more as
/// <c>message</c>.</summary>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code, string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemItem>? Errors)
{
    [JsonPropertyName("error")]
    public string Error => Code;
}

/// <summary>The errors that this API answers with.</summary>
public static class Problems
{
    public const string ContentType = "application/problem+json";

    public static Problem Describe(int status, string code, string message, IReadOnlyList<ProblemItem>? errors = null) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, message, code, message, errors);

    public static IResult Of(int status, string code, string message, IReadOnlyList<ProblemItem>? errors = null) =>
        Results.Json(Describe(status, code, message, errors), ApiJson.Options, ContentType, status);

    public static IResult NotFound(string code, string message) => Of(StatusCodes.Status404NotFound, code, message);

    public static IResult BadParameter(string place, string detail) =>
        Of(StatusCodes.Status400BadRequest, "bad_parameter", detail, [new ProblemItem(place, detail)]);

    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Describe(status, code, message), ApiJson.Options, ContentType, context.RequestAborted);
    }
}
