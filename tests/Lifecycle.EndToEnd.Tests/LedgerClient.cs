using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>A sender that keeps its own book: what it sent, and what was acknowledged. It sends a batch again, with the same ids, until it is.</summary>
internal sealed class LedgerClient : IAsyncDisposable
{
    private static readonly string[] Events = ["session_start", "session_start", "order_completed"];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _senders = [];
    private readonly Func<string> _url;
    private readonly string _key;
    private int _number;

    /// <param name="url">Where the server is at this moment; it may have moved since the last batch.</param>
    public LedgerClient(Func<string> url, string key, int senders, int seed)
    {
        (_url, _key) = (url, key);
        for (var sender = 0; sender < senders; sender++)
        {
            var random = new Random(seed + sender);
            _senders.Add(Task.Run(() => SendAsync(random)));
        }
    }

    /// <summary>Ids of messages whose batch was answered with 200.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged { get; } = new();

    /// <summary>How many times a batch had to be sent again.</summary>
    public int Retries { get; private set; }

    /// <summary>Sends no more once every batch begun has been acknowledged.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders);
        _stop.Dispose();
    }

    private async Task SendAsync(Random random)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        while (!_stop.IsCancellationRequested)
        {
            var messages = Enumerable.Range(0, 20).Select(_ =>
            {
                var number = Interlocked.Increment(ref _number);
                return Story.Track($"ledger-{random.Next(200)}", Events[random.Next(3)], new { revenue = random.Next(1, 100) }, $"ledger-message-{number}");
            }).ToList();
            var ids = messages.Select(message => (string)message.GetType().GetProperty("messageId")!.GetValue(message)!).ToList();
            var body = JsonSerializer.Serialize(new { batch = messages });
            while (!await AcceptedAsync(client, body))
            {
                Retries++;
                await Server.PauseAsync();
            }
            foreach (var id in ids) Acknowledged[id] = true;
        }
    }

    private async Task<bool> AcceptedAsync(HttpClient client, string body)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(_url() + "/v1/batch", content);
            return answer.StatusCode == System.Net.HttpStatusCode.OK;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return false;
        }
    }
}
