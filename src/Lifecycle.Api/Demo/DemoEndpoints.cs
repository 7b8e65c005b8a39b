using Lifecycle.Api.Http;

namespace Lifecycle.Api.Demo;

/// <summary>The demo's own receiver of webhooks. It is there only while the demo is.</summary>
public static class DemoEndpoints
{
    private const int BodySizeMax = 256 * 1024;

    public static void MapDemo(this IEndpointRouteBuilder routes, Func<DemoPlay?> demo)
    {
        routes.MapPost(DemoPlay.ReceiverPath, context => ReceiveAsync(context, demo())).ExcludeFromDescription();
        routes.MapGet("/demo/received", () => Results.Json(new ItemList<ReceivedMessage>(demo()?.Receiver.Received ?? [], null), ApiJson.Options))
            .ExcludeFromDescription();
    }

    private static async Task ReceiveAsync(HttpContext context, DemoPlay? demo)
    {
        using var body = new MemoryStream();
        var chunk = new byte[8 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0 && body.Length < BodySizeMax;) body.Write(
            chunk, 0, read);
        var headers = context.Request.Headers;
        var verified =
            demo?.Receiver.Take(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(),
            body.GetBuffer().AsSpan(0, (int)body.Length)) == true;
        context.Response.StatusCode = verified ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
    }
}
