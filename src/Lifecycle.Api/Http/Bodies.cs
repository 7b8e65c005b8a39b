using System.Text.Json;

namespace Lifecycle.Api.Http;

/// <summary>Reads JSON bodies of management requests, and says what is wrong with them.</summary>
public static class Bodies
{
    /// <summary>The most bytes of such a body: several definitions at their own limit.</summary>
    public const int SizeMax = 2 * 1024 * 1024;

    /// <summary>Takes every body below /v1 for the JSON it has to be, whatever type a client such as curl claims without being asked.</summary>
    public static IApplicationBuilder UseJsonBodies(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/v1") && context.Request.ContentType is not null)
            context.Request.ContentType = "application/json";
        return next(context);
    });

    /// <summary>The body, or the answer that refuses it. An empty body reads as an empty object.</summary>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpContext context, CancellationToken ct) where T : class
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(chunk, ct)) > 0;)
        {
            if (buffer.Length + read > SizeMax) return (null, Problems.Of(413, "body_too_large", $"A body may have at most {SizeMax} bytes."));
            buffer.Write(chunk, 0, read);
        }
        try
        {
            var json = buffer.Length == 0 ? "{}"u8 : buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            if (JsonSerializer.Deserialize<T>(json, ApiJson.Options) is not { } body) return (null, Refuse("", "A JSON object was expected."));
            return Unwanted<T>(json) is { } unwanted ? (null, unwanted) : (body, null);
        }
        catch (JsonException wrong)
        {
            var pointer = (wrong.Path ?? "$").TrimStart('$').Replace('.', '/').Replace('[', '/').Replace("]", "", StringComparison.Ordinal);
            return (null, Refuse(pointer, wrong.Path is null or "$" ? "The body is not a JSON object of the expected shape."
                : $"{pointer} is not what was expected there."));
        }
    }

    /// <summary>Refuses the first member that such a body does not have: nobody should believe that it did something. Likewise a text that cannot be
    /// stored.</summary>
    private static IResult? Unwanted<T>(ReadOnlySpan<byte> json)
    {
        var known = ApiJson.Options.GetTypeInfo(typeof(T)).Properties.Select(property => property.Name).ToList();
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
                return Refuse(
                    "/" + member.Name, $"There is no member '{EmbeddedTexts.Shorten(member.Name)}' here; there are {string.Join(", ", known)}.");
            if (HoldsNull(member.Value)) return Refuse("/" + member.Name, $"{member.Name} holds U+0000, which cannot be stored.");
        }
        return null;
    }

    private static bool HoldsNull(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains('\0'),
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsNull),
        JsonValueKind.Object => value.EnumerateObject().Any(member => HoldsNull(member.Value)),
        _ => false,
    };

    private static IResult Refuse(string pointer, string detail) =>
        Problems.Of(StatusCodes.Status400BadRequest, "bad_body", detail, [new ProblemItem(pointer, detail)]);
}
