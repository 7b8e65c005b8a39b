using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Lifecycle.Delivery.Channels.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;
using static Lifecycle.Api.Tests.RunningServer;

namespace Lifecycle.Api.Tests;

public sealed class ClockTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task An_advance_moves_the_test_tenant_and_sends_what_falls_due_on_the_way()
    {
        await using var receiver = await ClockReceiver.StartAsync();
        var endpoint = await PostAsync(server.Test, "/v1/endpoints", new JsonObject { ["url"] = receiver.Url });
        await SendAsync(server.Live, Track("ann", "session_start"));
        await SendAsync(server.Test, Track("ann", "session_start"));
        var began = Time((await GetAsync(server.Test, "/v1/clock"))["clock"]!);

        var advanced = await PostAsync(server.Test, "/v1/clock/advance", new JsonObject { ["by"] = "15 days" });
        Assert.Equal(began + Duration.FromDays(15), Time(advanced["clock"]!));

        var declined = (await GetAsync(server.Test, "/v1/customers/ann/stages"))["items"]!.AsArray().Single(span => (string)span!["stage"]! == "lapsed")!;
        Assert.Equal((began + Duration.FromDays(14), "time"), (Time(declined["from"]!), (string)declined["cause"]!["kind"]!));
        var message = await receiver.NextAsync();
        Assert.Equal(SignatureCheck.Genuine, StandardWebhooks.Verify((string)endpoint["secret"]!, message.Id, message.Timestamp, message.Signature, message.Body,
            SystemClock.Instance.GetCurrentInstant()));
        Assert.Equal("ann", (string)JsonNode.Parse(message.Body)!["data"]!["customer"]!);
        Assert.Equal("sent", (string)(await GetAsync(server.Test, "/v1/deliveries"))["items"]![0]!["status"]!);

        Assert.Equal("exploration", (string)(await GetAsync(server.Live, "/v1/customers/ann"))["tracks"]!["lifecycle"]!["stage"]!);
        Assert.Empty((await GetAsync(server.Live, "/v1/deliveries"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_live_tenant_has_no_clock_to_advance()
    {
        using var answer = await server.Live.PostAsync("/v1/clock/advance", Json(new JsonObject { ["by"] = "1 day" }));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Theory]
    [InlineData("{\"by\":\"401 days\"}")]
    [InlineData("{\"by\":\"soon\"}")]
    [InlineData("{\"to\":\"2001-01-01T00:00:00Z\"}")]
    [InlineData("{}")]
    [InlineData("[]")]
    public async Task Where_no_clock_can_go_it_is_not_sent(string body)
    {
        using var answer = await server.Test.PostAsync("/v1/clock/advance", Json(JsonNode.Parse(body)!));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("ftp://example.com/", "url_scheme", null)]
    [InlineData("https://example.com/", "secret_invalid", "short")]
    public async Task An_endpoint_that_cannot_be_is_refused(string url, string code, string? secret)
    {
        using var answer = await server.Test.PostAsync("/v1/endpoints", Json(new JsonObject { ["url"] = url, ["secret"] = secret }));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
    }

    private static Instant Time(JsonNode text) => InstantPattern.ExtendedIso.Parse((string)text!).Value;

    private sealed record Message(string Id, string Timestamp, string Signature, byte[] Body);

    /// <summary>A customer's own server.</summary>
    private sealed class ClockReceiver : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
        private readonly WebApplication _app;

        private ClockReceiver()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapPost("/hook", async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                var headers = context.Request.Headers;
                await _messages.Writer.WriteAsync(new Message(headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, body.ToArray()));
            });
        }

        public string Url => _app.Urls.Single() + "/hook";

        public static async Task<ClockReceiver> StartAsync()
        {
            var receiver = new ClockReceiver();
            await receiver._app.StartAsync();
            return receiver;
        }

        public async Task<Message> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
