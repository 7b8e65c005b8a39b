using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>A bad network between a sender and the server: requests are dropped, delayed, or answered into the void after the server has committed.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _server;
    private readonly Random _random;

    private ChaosProxy(WebApplication application, string target, int seed)
    {
        _application = application;
        _server = new HttpClient { BaseAddress = new Uri(target) };
        _random = new Random(seed);
    }

    public string Url => _application.Urls.First();

    /// <summary>How often each mishap really happened.</summary>
    public ConcurrentDictionary<string, int> Happened { get; } = new();

    public static async Task<ChaosProxy> StartAsync(string target, int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var proxy = new ChaosProxy(application, target, seed);
        application.Run(proxy.PassAsync);
        await application.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var mishap = Draw();
        Happened.AddOrUpdate(mishap, 1, (_, count) => count + 1);
        if (mishap == "dropped")
        {
            context.Abort();
            return;
        }
        if (mishap == "delayed") await CommandServer.PauseAsync();
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, value) in context.Request.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value.ToArray()) && name is not "Content-Length")
                request.Content.Headers.TryAddWithoutValidation(name, value.ToArray());
        request.Headers.Host = null;
        using var answer = await _server.SendAsync(request);
        if (mishap == "cut after commit")
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        await answer.Content.CopyToAsync(context.Response.Body);
    }

    private string Draw()
    {
        lock (_random)
            return _random.Next(10) switch
            {
                0 or 1 => "dropped",
                2 or 3 => "cut after commit",
                4 => "delayed",
                _ => "passed",
            };
    }
}
