using Lifecycle.Domain.Texts;
using Microsoft.AspNetCore.Http.Features;

namespace Lifecycle.Api.Http;

/// <summary>The segments of a request's address as the sender wrote them.</summary>
/// <remarks>The server decodes a path before it is routed, and by then <c>a%2Fb</c> and <c>a%252Fb</c> look the same and <c>%2E%2E</c> is gone.
/// An id may be any text, so it is read from what was really sent, and decoded exactly once.</remarks>
public static class RawTarget
{
    private const string Placeholder = "id";

    /// <summary>The decoded segment, in Unicode's form C as all ids are, at an index of the raw path; <c>v1</c> is 0.</summary>
    public static string Segment(HttpContext context, int index)
    {
        var segments = Segments(context);
        return index < segments.Length ? Nfc.Of(Uri.UnescapeDataString(segments[index])) : "";
    }

    /// <summary>Routes addresses under a customer or a delivery by everything but the id in them, whatever the id looks like.</summary>
    public static IApplicationBuilder UseRawIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var segments = Segments(context);
        if (segments is ["v1", "customers", { Length: > 0 }, ..])
            context.Request.Path = "/v1/customers/" + Placeholder + string.Concat(segments.Skip(3).Select(segment => "/" + segment));
        return next(context);
    });

    /// <summary>The path as it was sent, for an address in a header: no bracket in it ends the address.</summary>
    public static string Path(HttpContext context) => PathOf(context).Replace(">", "%3E", StringComparison.Ordinal);

    private static string[] Segments(HttpContext context) => PathOf(context).TrimStart('/').Split('/');

    private static string PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
        {
            // An absolute target, as proxies send it: everything from the first slash after the authority.
            var authority = target.IndexOf("//", StringComparison.Ordinal) + 2;
            var path = target.IndexOf('/', authority);
            target = path < 0 ? absolute.AbsolutePath : target[path..];
        }
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}

/// <summary>A customer's id, from the address.</summary>
public sealed record CustomerId(string Value)
{
    /// <summary>Ids longer than this are nobody's.</summary>
    public const int LengthMax = 1000;

    public static ValueTask<CustomerId?> BindAsync(HttpContext context) => ValueTask.FromResult<CustomerId?>(new(RawTarget.Segment(context, 2)));
}
