using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using NodaTime;

namespace Lifecycle.Delivery.Channels.Webhook;

/// <summary>A message to an endpoint.</summary>
/// <param name="Url">http or https, absolute.</param>
/// <param name="Secrets">See <see cref="StandardWebhooks"/>.</param>
/// <param name="Id">The same on every attempt; receivers tell repetitions by it.</param>
/// <param name="Body">JSON, the same bytes on every attempt.</param>
public sealed record WebhookMessage(Uri Url, string Secrets, string Id, ReadOnlyMemory<byte> Body);

/// <summary>Hands messages over by POST, signed, to addresses that the rules allow; follows nothing, and waits no longer than the time-out.</summary>
public sealed class WebhookChannel : IDisposable
{
    /// <summary>How long an attempt may take in all, by default.</summary>
    public static readonly Duration DefaultTimeout = Duration.FromSeconds(15);

    /// <summary>As much of an answer as is read, in bytes; past it the connection is given up rather than reused.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    /// <summary>How long an answer's body is waited for once its status is known. The status decides; the body only lets the connection be used
    /// again.</summary>
    public static readonly Duration BodyPatience = Duration.FromMilliseconds(500);

    // Names are resolved again at least this often, so that an endpoint that moves is followed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private volatile Own? _own;

    /// <param name="timeout">For connecting, sending and the answer's status together; 15 seconds by default.</param>
    public WebhookChannel(AddressRules rules, TimeProvider time, Duration? timeout = null)
        : this(Network(rules), time, timeout)
    {
    }

    /// <param name="network">What takes a request to its receiver; disposed of with the channel.</param>
    internal WebhookChannel(HttpMessageHandler network, TimeProvider time, Duration? timeout = null)
    {
        (_time, Timeout) = (time, timeout ?? DefaultTimeout);
        _client = new HttpClient(network) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <summary>How long an attempt may take in all.</summary>
    public Duration Timeout { get; }

    /// <summary>One attempt. Whatever the receiver and the network do is an answer.</summary>
    /// <exception cref="OperationCanceledException">Cancelled by the caller: whether the receiver got the message is unknown.</exception>
    public async Task<ReceiverAnswer> SendAsync(WebhookMessage message, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout.ToTimeSpan(), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = Sign(message);
            using var response = await ClientFor(message.Url).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await DrainAsync(response, both.Token);
            var status = (int)response.StatusCode;
            return new ReceiverAnswer(status, ReceiverAnswer.ErrorOf(status), RetryAfterOf(response.Headers), Took(started));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ReceiverAnswer(null, "timeout", null, Took(started));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new ReceiverAnswer(null, ErrorOf(failure), null, Took(started));
        }
    }

    /// <summary>Lets messages go to one address of this process, whatever the rules say of it. To no other address at its host and port: connections
    /// are not shared.</summary>
    /// <param name="url">Its host is an IP address.</param>
    public void AllowOwn(Uri url)
    {
        _own?.Client.Dispose();
        var client = new HttpClient(Network(AddressRules.Allowing(url.Host.Trim('[', ']')))) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _own = new Own(url, client);
    }

    public void Dispose()
    {
        _client.Dispose();
        _own?.Client.Dispose();
    }

    private HttpClient ClientFor(Uri url) => _own is { } own && own.Url.OriginalString == url.OriginalString ? own.Client : _client;

    private static SocketsHttpHandler Network(AddressRules rules) => new()
    {
        ConnectCallback = (context, cancellation) => ConnectAsync(rules, context, cancellation),
        AllowAutoRedirect = false,
        UseProxy = false, // A proxy would be the address really connected to, and the rules would judge it instead of the receiver.
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
        MaxResponseDrainSize = 0, // What is left of an answer beyond our own limit is not worth reading.
        MaxResponseHeadersLength = AnswerBytesMax / 1024,
    };

    private HttpRequestMessage Sign(WebhookMessage message)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, message.Url) { Content = new ReadOnlyMemoryContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(new ProductHeaderValue("lifecycle")));
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", StandardWebhooks.Sign(message.Secrets, message.Id, timestamp, message.Body.Span));
        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(AddressRules rules, SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var endpoint = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellation);
        var allowed = addresses.Where(rules.Allow).ToArray();
        if (allowed.Length == 0 && addresses.Length > 0) throw new AddressRefusedException();

        SocketException? failure = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), cancellation);
                if (socket.RemoteEndPoint is not IPEndPoint remote || !rules.Allow(remote.Address)) throw new AddressRefusedException();
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                failure = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    // The body says nothing we need, so whatever becomes of it changes nothing.
    private async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(BodyPatience.ToTimeSpan(), _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            var buffer = new byte[8 * 1024];
            var read = 0;
            for (int count; read < AnswerBytesMax && (count = await body.ReadAsync(buffer, both.Token)) > 0;) read += count;
        }
        catch (Exception unread) when (unread is OperationCanceledException or HttpRequestException or IOException)
        {
            // The connection is given up rather than used again.
        }
    }

    private Duration? RetryAfterOf(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delta } => Duration.FromTimeSpan(delta),
        { Date: { } date } when date > _time.GetUtcNow() => Duration.FromTimeSpan(date - _time.GetUtcNow()),
        { Date: not null } => Duration.Zero,
        _ => null,
    };

    private Duration Took(long started) => Duration.FromTimeSpan(_time.GetElapsedTime(started));

    private static string ErrorOf(Exception failure) => failure switch
    {
        { InnerException: AddressRefusedException } => ReceiverAnswer.AddressRefused,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "name_unknown",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "connection_failed",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls_failed",
        _ => "answer_broken",
    };

    /// <summary>An address of this process, with connections that go nowhere else.</summary>
    private sealed record Own(Uri Url, HttpClient Client);

    /// <summary>Every address that the name stands for is refused.</summary>
    private sealed class AddressRefusedException : Exception;
}
