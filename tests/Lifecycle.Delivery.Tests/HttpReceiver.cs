using System.Collections.Concurrent;
using System.Threading.Channels;
using Lifecycle.Delivery.Channels.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

/// <summary>One request as it came in.</summary>
internal sealed record Received(
    string Method, string Path, string Id, string Timestamp, string Signature, string ContentType, string UserAgent, byte[] Body)
{
    public SignatureCheck VerifyWith(string secrets, Instant now) => StandardWebhooks.Verify(secrets, Id, Timestamp, Signature, Body, now);
}

/// <summary>Somebody's web server on 127.0.0.1, that keeps what it receives and answers as it is told, the last way for ever.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    /// <summary>Longer than anything takes that comes at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers;
    private readonly ConcurrentQueue<Received> _requests = new();
    private readonly Channel<Received> _arrivals = Channel.CreateUnbounded<Received>();

    private HttpReceiver(WebApplication server, Func<HttpContext, Task>[] answers) => (_server, _answers) = (server, new(answers));

    public IReadOnlyList<Received> Requests => [.. _requests];

    public string Url { get; private set; } = "";

    public static async Task<HttpReceiver> StartAsync(params Func<HttpContext, Task>[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new HttpReceiver(builder.Build(), answers);
        receiver._server.Run(receiver.ReceiveAsync);
        await receiver._server.StartAsync();
        receiver.Url = receiver._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook";
        return receiver;
    }

    /// <summary>The next request, once it has arrived; a test that would wait for ever fails instead.</summary>
    public Task<Received> ArrivalAsync() => _arrivals.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public static Func<HttpContext, Task> Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    /// <summary>Answers nothing for as long as the sender waits.</summary>
    public static async Task Silence(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public static Func<HttpContext, Task> After(Task gate, int status) => async context =>
    {
        await gate;
        context.Response.StatusCode = status;
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string Header(string name) => context.Request.Headers[name].ToString();
        var received = new Received(context.Request.Method, context.Request.Path,
            Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"),
            Header("content-type"), Header("user-agent"), body.ToArray());
        _requests.Enqueue(received);
        _arrivals.Writer.TryWrite(received);
        if (_answers.Count > 1 && _answers.TryDequeue(out var answer) || _answers.TryPeek(out answer)) await answer(context);
    }
}
