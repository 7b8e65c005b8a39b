using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Faults.Tests;

/// <summary>A webhook's other end, which keeps of each message how often it came and what it said.</summary>
internal sealed class FaultReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FaultReceiver(WebApplication application) => _application = application;

    public string Url => _application.Urls.First() + "/hook";

    /// <summary>By message id: how often it came, and how many different bodies it came with.</summary>
    public ConcurrentDictionary<string, (int Times, string Body, bool Same)> Received { get; } = new();

    public static async Task<FaultReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new FaultReceiver(builder.Build());
        receiver._application.Run(receiver.TakeAsync);
        await receiver._application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var body = Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body));
        Received.AddOrUpdate(context.Request.Headers["webhook-id"].ToString(), (1, body, true),
            (_, before) => (before.Times + 1, before.Body, before.Same && before.Body == body));
    }
}
