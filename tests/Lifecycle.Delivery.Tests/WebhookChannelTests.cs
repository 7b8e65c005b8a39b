using System.Net;
using System.Net.Sockets;
using System.Text;
using Lifecycle.Delivery.Channels.Webhook;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

public sealed class WebhookChannelTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly byte[] Body = """{"type":"action.requested"}"""u8.ToArray();

    private readonly ManualTime _time = new();
    private readonly WebhookChannel _channel;

    public WebhookChannelTests() => _channel = new WebhookChannel(AddressRules.Allowing("127.0.0.0/8"), _time);

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task A_message_is_posted_as_json_with_a_genuine_signature()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(204));
        var answer = await SendAsync(receiver.Url);
        Assert.Equal((204, null), (answer.Status, answer.Error));

        var received = Assert.Single(receiver.Requests);
        Assert.Equal(("POST", "/hook", "msg_1", "application/json", "lifecycle"),
            (received.Method, received.Path, received.Id, received.ContentType, received.UserAgent));
        Assert.Equal(Body, received.Body);
        Assert.Equal(SignatureCheck.Genuine, received.VerifyWith(Secret, Instant.FromDateTimeOffset(_time.GetUtcNow())));
    }

    [Fact]
    public async Task The_timestamp_is_fresh_on_every_attempt()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(500));
        await SendAsync(receiver.Url);
        _time.Advance(TimeSpan.FromHours(10));
        await SendAsync(receiver.Url);
        var now = Instant.FromDateTimeOffset(_time.GetUtcNow());
        Assert.Equal([SignatureCheck.TooOld, SignatureCheck.Genuine], receiver.Requests.Select(request => request.VerifyWith(Secret, now)));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_not_followed(int status)
    {
        await using var elsewhere = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(status, ("Location", elsewhere.Url)));
        var answer = await SendAsync(receiver.Url);
        Assert.Equal((status, "redirected"), (answer.Status, answer.Error));
        Assert.Single(receiver.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_given_15_seconds()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Silence);
        var sending = SendAsync(receiver.Url);
        await receiver.ArrivalAsync();
        _time.Advance(TimeSpan.FromMilliseconds(14_999));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var answer = await sending;
        Assert.Equal((null, "timeout", Duration.FromSeconds(15)), (answer.Status, answer.Error, answer.Took));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Without_the_operators_leave_nothing_goes_to_loopback_whatever_it_is_called(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = new WebhookChannel(AddressRules.PublicOnly, _time);
        var answer = await SendAsync($"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/", channel);
        Assert.Equal((null, "address_refused"), (answer.Status, answer.Error));
        Assert.False(listener.Pending(), "Not even a connection is made.");
    }

    [Fact]
    public async Task A_name_is_judged_by_the_address_it_leads_to()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        var answer = await SendAsync(receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        Assert.True(answer.IsSuccess, answer.Error);
    }

    [Fact]
    public async Task No_proxy_comes_between_us_and_the_receiver()
    {
        await using var proxy = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new AlwaysBy(new Uri(proxy.Url));
        try
        {
            await SendAsync(receiver.Url);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
        Assert.Empty(proxy.Requests);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_a_failure() =>
        Assert.Equal("name_unknown", (await SendAsync("http://nobody.invalid/")).Error);

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Equal("connection_failed", (await SendAsync($"http://127.0.0.1:{port}/")).Error);
    }

    [Fact]
    public async Task A_receiver_that_speaks_no_tls_is_a_failure_of_https()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        Assert.Equal("tls_failed", (await SendAsync(receiver.Url.Replace("http:", "https:", StringComparison.Ordinal))).Error);
    }

    [Fact]
    public async Task A_receiver_that_hangs_up_is_a_failure()
    {
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        Assert.Equal("answer_broken", (await SendAsync(receiver.Url)).Error);
    }

    [Fact]
    public async Task Of_an_endless_answer_the_beginning_is_read_and_then_the_connection_given_up()
    {
        var hungUp = new TaskCompletionSource();
        await using var receiver = await HttpReceiver.StartAsync(async context =>
        {
            var page = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(page);
            hungUp.SetResult();
        });
        var answer = await SendAsync(receiver.Url);
        Assert.Equal((200, null), (answer.Status, answer.Error));
        await hungUp.Task.WaitAsync(HttpReceiver.Patience);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(204, null)]
    [InlineData(503, "http_503")]
    public async Task The_status_decides_however_slowly_the_body_comes(int status, string? error)
    {
        await using var receiver = await HttpReceiver.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.StartAsync();
            if (status == 204) return;
            // A byte, and then nothing until the sender hangs up.
            await context.Response.Body.WriteAsync("x"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var channel = new WebhookChannel(AddressRules.Allowing("127.0.0.0/8"), TimeProvider.System);
        var answer = await SendAsync(receiver.Url, channel);
        Assert.Equal((status, error), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task The_status_decides_though_the_body_is_cut_off()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerInPartAsync();
        var answer = await SendAsync($"http://{listener.LocalEndpoint}/");
        await answering;
        Assert.Equal((200, null), (answer.Status, answer.Error));

        async Task AnswerInPartAsync()
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var request = new byte[64 * 1024];
            for (var read = 0; !Encoding.ASCII.GetString(request, 0, read).EndsWith('}');) read += await stream.ReadAsync(request.AsMemory(read));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx"u8.ToArray());
        }
    }

    [Fact]
    public async Task Of_this_process_one_address_alone_may_be_sent_to()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var neighbour = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        using var channel = new WebhookChannel(AddressRules.PublicOnly, _time);
        channel.AllowOwn(new Uri(receiver.Url));
        Assert.Null((await SendAsync(receiver.Url, channel)).Error);
        foreach (var other in new[] { receiver.Url + "2", receiver.Url + "?x=1", receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), neighbour.Url })
            Assert.Equal("address_refused", (await SendAsync(other, channel)).Error);
        Assert.Single(receiver.Requests);
        Assert.Empty(neighbour.Requests);
    }

    [Fact]
    public async Task Retry_after_is_understood_in_seconds_and_as_a_date()
    {
        await using var receiver = await HttpReceiver.StartAsync(
            HttpReceiver.Status(503, ("Retry-After", "120")),
            HttpReceiver.Status(429, ("Retry-After", _time.GetUtcNow().AddMinutes(7).ToString("R"))),
            HttpReceiver.Status(429, ("Retry-After", _time.GetUtcNow().AddMinutes(-7).ToString("R"))),
            HttpReceiver.Status(429, ("Retry-After", "later")),
            HttpReceiver.Status(500));
        var waits = new List<Duration?>();
        for (var attempt = 0; attempt < 5; attempt++) waits.Add((await SendAsync(receiver.Url)).RetryAfter);
        Assert.Equal([Duration.FromMinutes(2), Duration.FromMinutes(7), Duration.Zero, null, null], waits);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_no_answer()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Silence);
        using var stop = new CancellationTokenSource();
        var sending = _channel.SendAsync(MessageTo(receiver.Url), stop.Token);
        await receiver.ArrivalAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private Task<ReceiverAnswer> SendAsync(string url, WebhookChannel? channel = null) =>
        (channel ?? _channel).SendAsync(MessageTo(url), CancellationToken.None).WaitAsync(HttpReceiver.Patience);

    private static WebhookMessage MessageTo(string url) => new(new Uri(url), Secret, "msg_1", Body);

    private sealed class AlwaysBy(Uri proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => proxy;

        public bool IsBypassed(Uri host) => false;
    }
}
