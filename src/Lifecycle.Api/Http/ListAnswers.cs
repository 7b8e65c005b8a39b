using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Api.Http;

/// <summary>One page of a list.</summary>
/// <param name="Next">Hand it back as <c>cursor</c> for the next page; null on the last.</param>
public sealed record ItemList<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Answers lists, and the cursors between their pages.</summary>
public static class ListAnswers
{
    public const int LimitDefault = 100, LimitMax = 1000;

    // A place is told as exactly as the database tells places apart, and what has not just its members is of another list.
    private static readonly JsonSerializerOptions Exact = WithExactInstants(new(ApiJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>The page, with the address of the next one also in the header <c>Link</c>.</summary>
    public static IResult Page<T>(HttpContext context, IReadOnlyList<T> items, string? next)
    {
        if (next is not null)
        {
            var query = context.Request.Query.Where(pair => pair.Key != "cursor")
                .SelectMany(pair => pair.Value, (pair, value) => (pair.Key, Value: value ?? ""));
            var parameters = query.Append(("cursor", next)).Select(pair => $"{Uri.EscapeDataString(pair.Item1)}={Uri.EscapeDataString(pair.Item2)}");
            context.Response.Headers.Link = $"<{RawTarget.Path(context)}?{string.Join('&', parameters)}>; rel=\"next\"";
        }
        return Results.Json(new ItemList<T>(items, next), ApiJson.Options);
    }

    /// <summary>A place in a list as opaque text.</summary>
    public static string ToCursor<T>(T place) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place, Exact));

    /// <summary>Reads what <see cref="ToCursor"/> wrote; default for anything else.</summary>
    public static T? FromCursor<T>(string text) where T : class
    {
        try
        {
            return Base64Url.IsValid(text) ? JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(text), Exact) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions WithExactInstants(JsonSerializerOptions options)
    {
        options.Converters.Insert(0, new ExactInstants());
        return options;
    }

    private sealed class ExactInstants : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            InstantPattern.ExtendedIso.Parse(reader.GetString() ?? "").TryGetValue(default, out var instant) ? instant : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }
}
