using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Cli.Import;

/// <summary>What the server said of one batch.</summary>
/// <param name="TooLarge">Nothing of it was stored: it must be sent in parts.</param>
internal sealed record BatchAnswer(bool TooLarge, long Appended, long Duplicates, IReadOnlyList<(int Index, string Message)> Rejected,
    IReadOnlyList<(int Index, string Message)> Warnings);

/// <summary>The server as an import sees it. Everything is asked again until it is answered: the ids make that safe.</summary>
internal sealed class ImportServer(HttpClient http, TimeProvider time, ImportOptions options)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);
    private const int RetryAfterMax = 300;

    // With ids of their greatest length still less than a body may have.
    private const int CustomersAskedMax = 500;

    // A server that has answered may be away for a while; one that never did is more likely somewhere else.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    private bool _hasAnswered;

    /// <summary>Sends events as imported history.</summary>
    public async Task<BatchAnswer> SendAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var answer = await AskAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Url, "/v1/import")) { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("X-Lifecycle-Historical", "true");
            return request;
        }, ct);
        if (answer is null) return new(true, 0, 0, [], []);
        var root = answer.RootElement;
        return new(false, root.GetProperty("appended").GetInt64(), root.GetProperty("duplicates").GetInt64(), List("rejected"), List("warnings"));

        (int, string)[] List(string name) => root.TryGetProperty(name, out var list)
            ? [.. list.EnumerateArray().Select(entry => (entry.GetProperty("index").GetInt32(), entry.GetProperty("message").GetString() ?? ""))]
            : [];
    }

    /// <summary>What an import must know of its tenant.</summary>
    public async Task<ImportTenant> AskTenantAsync(CancellationToken ct)
    {
        using var answer = await AskAsync(() => new(HttpMethod.Get, new Uri(options.Url, "/v1/history")), ct);
        var root = answer!.RootElement;
        return new ImportTenant(InstantPattern.ExtendedIso.Parse(root.GetProperty("clock").GetString() ?? "").GetValueOrThrow(),
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(root.GetProperty("zone").GetString() ?? "") ?? DateTimeZone.Utc);
    }

    /// <summary>How many of the customers are in the present; null where the key is none that may ask.</summary>
    public async Task<long?> CountPresentAsync(IReadOnlyCollection<string> customers, CancellationToken ct)
    {
        long present = 0;
        foreach (var some in customers.Chunk(CustomersAskedMax))
        {
            using var answer = await AskAsync(() => new(HttpMethod.Post, new Uri(options.Url, "/v1/history/present"))
            {
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { customers = some })) { Headers =
                    { ContentType = new("application/json") } },
            }, ct, mayBeForbidden: true);
            if (answer is null) return null;
            present += answer.RootElement.GetProperty("present").GetInt64();
        }
        return present;
    }

    /// <summary>Says that the history is complete.</summary>
    public async Task CloseHistoryAsync(CancellationToken ct)
    {
        using var answer = await AskAsync(() => new(HttpMethod.Post, new Uri(options.Url, "/v1/history/close")), ct);
    }

    /// <summary>Waits until everything that the log holds now is judged. There is no bound: it takes as long as the server is busy with it.</summary>
    public async Task WaitUntilJudgedAsync(CancellationToken ct)
    {
        // What comes from others meanwhile is not waited for: the first answer says how far the log was.
        for (var address = new Uri(options.Url, "/v1/progress"); ;)
        {
            using var answer = await AskAsync(() => new(HttpMethod.Get, address), ct);
            if (answer!.RootElement.GetProperty("judged").GetBoolean()) return;
            address =
                new Uri(options.Url, $"/v1/progress?after={Uri.EscapeDataString(answer.RootElement.GetProperty("seen").GetString() ?? "")}&wait=20");
            await Task.Delay(FirstDelay, time, ct);
        }
    }

    /// <summary>The body of a 200; null for a 413, and for a 403 where that may be. Gives up when nothing was answered for as long as the options'
    /// patience.</summary>
    private async Task<JsonDocument?> AskAsync(Func<HttpRequestMessage> request, CancellationToken ct, bool mayBeForbidden = false)
    {
        var started = time.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < DelayMax ? delay * 2 : DelayMax)
        {
            var (answer, isNone, retryAfter, trouble) = await TryAsync(request, mayBeForbidden, ct);
            if (answer is not null || isNone) return answer;
            if (!_hasAnswered && time.GetElapsedTime(started) > FirstPatience)
                throw new ImportFailedException(
                    $"The server at {options.Url} does not answer: {trouble.TrimEnd('.')}. Nothing was sent; check the address, and that the "
                    + "server runs.");
            if (time.GetElapsedTime(started) > options.Patience.ToTimeSpan())
                throw new ImportFailedException(
                    $"The server at {options.Url} has not taken the events for {options.Patience.TotalSeconds:0} s: {trouble}");
            await Task.Delay(retryAfter ?? delay, time, ct);
        }
    }

    private async Task<(JsonDocument? Answer, bool IsNone, TimeSpan? RetryAfter, string Trouble)> TryAsync(
        Func<HttpRequestMessage> request, bool mayBeForbidden, CancellationToken ct)
    {
        try
        {
            using var message = request();
            message.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(options.Key + ":")));
            using var response = await http.SendAsync(message, ct);
            _hasAnswered = true;
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK: return (JsonDocument.Parse(body), false, null, "");
                case HttpStatusCode.RequestEntityTooLarge: return (null, true, null, "");
                case HttpStatusCode.Forbidden when mayBeForbidden: return (null, true, null, "");
                case HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                    return (null, false, RetryAfter(response), $"it answers {(int)response.StatusCode}.");
                default: throw new ImportFailedException(
                    $"The server refuses the import with {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException
            || (exception is TaskCanceledException && !ct.IsCancellationRequested))
        {
            return (null, false, null, exception.Message);
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delta ? TimeSpan.FromSeconds(Math.Min(delta.TotalSeconds, RetryAfterMax)) : null;
}
