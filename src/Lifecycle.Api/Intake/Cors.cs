using Microsoft.AspNetCore.Http;

namespace Lifecycle.Api.Intake;

/// <summary>Lets pages of any origin send events. There are no cookies to protect: the key is in the request, and it only writes.</summary>
internal static class Cors
{
    private const string UsualHeaders = "Authorization, Content-Type, Content-Encoding, X-Write-Key, X-Lifecycle-Historical";

    public static void Allow(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.AccessControlExposeHeaders = "Retry-After";
    }

    /// <summary>Answers a browser that asks before it sends: 200, since some SDKs take no other 2xx for success.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        Allow(context);
        var asked = context.Request.Headers.AccessControlRequestHeaders.ToString();
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "GET, POST, PUT, OPTIONS";
        headers.AccessControlAllowHeaders = asked.Length > 0 ? asked : UsualHeaders;
        headers.AccessControlMaxAge = "86400";
        headers.Vary = "Access-Control-Request-Headers";
        return Task.CompletedTask;
    }
}
