using Lifecycle.Api.Intake;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion;

namespace Lifecycle.Api.Http;

/// <summary>What every answer carries, and what becomes of failures.</summary>
public static class Headers
{
    /// <summary>Pages run nothing that is not this server's own, and nobody frames them.</summary>
    /// <remarks>They are set when the answer begins, so that one that takes the place of another has them as well.</remarks>
    public static IApplicationBuilder UseHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            Set((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    private static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.Path.StartsWithSegments("/v1")) headers.CacheControl = "no-store";
    }

    /// <summary>Turns failures and bare statuses into problems. What went wrong inside is logged and not told.</summary>
    public static IApplicationBuilder UseFailures(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentLength: null, ContentType: null })
                await DescribeAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to hear the answer.
        }
        catch (Exception away) when (Outages.IsOutage(away) && !context.Response.HasStarted)
        {
            context.Response.Clear();
            await IntakeAnswers.WriteAsync(context.Response, IntakeAnswer.Unavailable(away));
        }
        catch (ArchiveUnavailableException archive) when (!context.Response.HasStarted)
        {
            LoggerOf(context).LogError(archive, "A file of the archive cannot be read");
            context.Response.Clear();
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "archive_unavailable",
                "A part of the log lies in a file of the archive that cannot be read; the server's log names it.");
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status408RequestTimeout && !context.Response.HasStarted)
        {
            await IntakeAnswers.WriteAsync(context.Response, IntakeAnswer.UploadStalled);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, bad.StatusCode, "bad_request", "The request could not be read.");
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            LoggerOf(context).LogError(failure, "A request failed");
            context.Response.Clear();
            await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, "failure",
                "Something failed inside; the server's log has it.");
        }
    });

    private static ILogger LoggerOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Lifecycle.Api");

    private static Task DescribeAsync(HttpContext context) => context.Response.StatusCode == 404
        ? Problems.WriteAsync(context, 404, "unknown_address", "There is nothing at this address.")
        : Problems.WriteAsync(context, 405, "unknown_method", "This address does not take this method.");
}
