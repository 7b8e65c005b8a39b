using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Ingestion.Protocols.Segment;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Api.Intake;

/// <summary>The routes on which the SDKs of Segment and RudderStack send, and the one that ends an import.</summary>
public static class IntakeEndpoints
{
    private static readonly string[] Sending = [HttpMethods.Post, HttpMethods.Put];
    private static readonly string[] Asking = [HttpMethods.Options];
    private static readonly string[] Fetching = [HttpMethods.Get];

    /// <summary>Maps <c>/v1/batch</c> and its aliases, the single calls and their short forms, the settings that browser SDKs ask for, and
    /// <c>/v1/history/close</c>. Needs <see cref="Ingestion.Intake"/> and <see cref="ApiKeys"/> among the services.</summary>
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        foreach (var route in SegmentRoute.All)
        {
            // Routing takes an address with a slash at its end for the same one.
            var pattern = "/v1/" + route.Name;
            routes.MapMethods(pattern, Sending, (RequestDelegate)(context => AcceptAsync(context, route)));
            routes.MapMethods(pattern, Asking, (RequestDelegate)Cors.AnswerAsync);
        }
        routes.MapMethods("/v1/projects/{key}/settings", Fetching, (RequestDelegate)SettingsAsync);
        routes.MapMethods("/v1/projects/{key}/settings", Asking, (RequestDelegate)Cors.AnswerAsync);
        routes.MapPost("/v1/history/close", (RequestDelegate)CloseHistoryAsync);
        return routes;
    }

    /// <summary>Sends whoever sends away from a process that takes no events, so that they come again and lose nothing: SDKs throw away what is
    /// answered by 404.</summary>
    public static IEndpointRouteBuilder MapNoIntake(this IEndpointRouteBuilder routes)
    {
        foreach (var route in SegmentRoute.All)
        {
            routes.MapMethods("/v1/" + route.Name, Sending, (RequestDelegate)RefuseAsync);
            routes.MapMethods("/v1/" + route.Name, Asking, (RequestDelegate)Cors.AnswerAsync);
        }
        routes.MapPost("/v1/history/close", (RequestDelegate)RefuseAsync);
        return routes;
    }

    private static Task RefuseAsync(HttpContext context)
    {
        Cors.Allow(context);
        return IntakeAnswers.WriteAsync(context.Response,
            new(503, "no_intake", "This process takes no events; send them to one with the role ingest.") { RetryAfterSeconds = 10 });
    }

    private static async Task AcceptAsync(HttpContext context, SegmentRoute route)
    {
        var intake = context.RequestServices.GetRequiredService<Lifecycle.Ingestion.Intake>();
        Cors.Allow(context);
        using var body = new PooledBuffer();
        IntakeAnswer answer;
        try
        {
            answer = await ReadBodyAsync(context.Request, body, intake.BodySizeMax)
                ? await intake.AcceptAsync(ToRequest(context.Request, route, body.Bytes), context.RequestAborted)
                : new IntakeAnswer(413, "body_too_large", $"A request may have at most {intake.BodySizeMax} bytes; send it in parts.");
        }
        catch (BadHttpRequestException stalled) when (stalled.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            answer = IntakeAnswer.UploadStalled;
        }
        await IntakeAnswers.WriteAsync(context.Response, answer);
    }

    private static IntakeRequest ToRequest(HttpRequest request, SegmentRoute route, ReadOnlyMemory<byte> body)
    {
        var credentials = Credentials.Of(request);
        var historical = request.Headers["X-Lifecycle-Historical"].ToString().Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
        return new(route, body, request.Headers.ContentEncoding.ToString(), historical, credentials.Key, credentials.BearerKey);
    }

    /// <returns>False when the body has more bytes than <paramref name="max"/>.</returns>
    private static async Task<bool> ReadBodyAsync(HttpRequest request, PooledBuffer body, int max)
    {
        if (request.ContentLength > max) return false;
        // The end is found by one more read, which needs room as well.
        var room = body.Room((int)(request.ContentLength ?? 0) + 1);
        for (int read; (read = await request.Body.ReadAsync(room, request.HttpContext.RequestAborted)) > 0; room = body.Room())
        {
            body.Add(read);
            if (body.Length > max) return false;
        }
        return true;
    }

    /// <summary>The key is not looked at: browser SDKs ask before they send, and an error here would silence them.</summary>
    private static Task SettingsAsync(HttpContext context)
    {
        Cors.Allow(context);
        return IntakeAnswers.WriteSettingsAsync(context.Response, context.Request.RouteValues["key"]?.ToString() ?? "");
    }

    private static async Task CloseHistoryAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        try
        {
            var credentials = Credentials.Of(context.Request);
            var text = credentials.Key ?? credentials.BearerKey;
            var key = text is null ? null : await context.RequestServices.GetRequiredService<ApiKeys>().VerifyAsync(text, ct);
            if (key is null) await IntakeAnswers.WriteAsync(context.Response, new(401, "unknown_key", "There is no such key."));
            else await IntakeAnswers.WriteSeenAsync(context.Response,
                (await context.RequestServices.GetRequiredService<Lifecycle.Ingestion.Intake>().CloseHistoryAsync(key.Tenant, ct)).For(key.Tenant));
        }
        catch (LogUnavailableException failure)
        {
            await IntakeAnswers.WriteAsync(context.Response, IntakeAnswer.Unavailable(failure));
        }
    }
}
