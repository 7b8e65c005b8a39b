using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lifecycle.Faults.Tests;

/// <summary>Several senders who keep their own book and send a batch again, with the same ids, until it is acknowledged.</summary>
/// <remarks>Some messages stand twice in a batch, some batches go out twice at once or once more when they have been acknowledged long ago.</remarks>
internal sealed class Ledger : IAsyncDisposable
{
    private const int BatchMax = 8, Customers = 400;

    private readonly SceneOptions _options;
    private readonly Func<Random, string> _place;
    private readonly string _key;
    private readonly CancellationTokenSource _stop = new(), _giveUp = new();
    private readonly List<(long Sent, long Answered)> _answers = [];
    private readonly ConcurrentDictionary<string, int> _unexpected = new();
    private readonly List<Task> _senders = [];
    private int _batches, _messages, _acknowledged, _inFlight, _again, _doubles;

    /// <param name="place">Where one of the servers is; asked before every request.</param>
    public Ledger(SceneOptions options, Func<Random, string> place, string key, LedgerBook book)
    {
        (_options, _place, _key, Book) = (options, place, key, book);
        for (var sender = 0; sender < options.Senders; sender++)
        {
            var random = new Random(options.Seed + sender);
            _senders.Add(Task.Run(() => RunAsync(random)));
        }
    }

    public LedgerBook Book { get; }

    /// <summary>Messages written into the book.</summary>
    public int Sent => _messages;

    /// <summary>Messages acknowledged.</summary>
    public int Acknowledged => _acknowledged;

    /// <summary>Requests not yet answered.</summary>
    public int InFlight => _inFlight;

    /// <summary>How often a batch was sent again because its answer was none or a refusal.</summary>
    public int Again => _again;

    /// <summary>How often a batch was sent twice on purpose.</summary>
    public int Doubles => _doubles;

    /// <summary>Answers that no sender should get, whatever is wrong with the database, with how often.</summary>
    public IReadOnlyDictionary<string, int> Unexpected => _unexpected;

    /// <summary>How long after an instant the next request was sent that was acknowledged, and that lasted; null where none was before <paramref name="until"/>.</summary>
    public TimeSpan? AcknowledgedAfter(long instant, long until)
    {
        var first = long.MaxValue;
        lock (_answers)
            for (var i = _answers.Count - 1; i >= 0 && _answers[i].Answered >= instant; i--)
                if (_answers[i].Sent >= instant && _answers[i].Answered < until) first = _answers[i].Answered;
        return first == long.MaxValue ? null : TimeProvider.System.GetElapsedTime(instant, first);
    }

    /// <summary>Begins no more and returns when every batch begun has been acknowledged.</summary>
    public async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync();
        await Task.WhenAll(_senders).WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>Gives up, whatever has been begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await _giveUp.CancelAsync();
        await StopAsync();
        Book.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private async Task RunAsync(Random random)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        var last = "";
        while (!_stop.IsCancellationRequested)
        {
            var batch = Interlocked.Increment(ref _batches);
            var orders = Enumerable.Range(0, random.Next(1, BatchMax)).Select(_ => NewOrder(random)).ToList();
            Book.Sent(batch, orders);
            var body = Write(orders, random);
            await DeliverAsync(client, body, random);
            if (_giveUp.IsCancellationRequested) return;
            Book.Acknowledged(batch);
            Interlocked.Add(ref _acknowledged, orders.Count);
            if (last != "" && random.Next(20) == 0) await DoubleAsync(client, last, random);
            if (random.Next(10) == 0) last = body;
            if (_options.PauseMax > 0) await Pause.ForAsync(random.Next(_options.PauseMax));
        }
    }

    private Order NewOrder(Random random) => new(
        "order-" + Interlocked.Increment(ref _messages).ToString(CultureInfo.InvariantCulture), $"customer-{random.Next(Customers)}", random.Next(1, 100));

    private async Task DeliverAsync(HttpClient client, string body, Random random)
    {
        // Where there are several servers, the same batch often reaches two of them at once.
        if (random.Next(_options.Places > 1 ? 2 : 10) == 0)
        {
            Interlocked.Increment(ref _doubles);
            var both = await Task.WhenAll(IsAcknowledgedAsync(client, body, _place(random)), IsAcknowledgedAsync(client, body, _place(random)));
            if (both.Contains(true)) return;
        }
        while (!_giveUp.IsCancellationRequested && !await IsAcknowledgedAsync(client, body, _place(random)))
        {
            Interlocked.Increment(ref _again);
            await Pause.ForAsync(10 + random.Next(20));
        }
    }

    private async Task DoubleAsync(HttpClient client, string body, Random random)
    {
        Interlocked.Increment(ref _doubles);
        await IsAcknowledgedAsync(client, body, _place(random));
    }

    private async Task<bool> IsAcknowledgedAsync(HttpClient client, string body, string place)
    {
        var sent = TimeProvider.System.GetTimestamp();
        Interlocked.Increment(ref _inFlight);
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(place + "/v1/batch", content);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK && JsonNode.Parse(text)!["rejected"] is null)
            {
                lock (_answers) _answers.Add((sent, TimeProvider.System.GetTimestamp()));
                return true;
            }
            if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.InsufficientStorage))
                _unexpected.AddOrUpdate($"{(int)answer.StatusCode} {text}", 1, (_, count) => count + 1);
            return false;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return false; // Whether it was stored is unknown.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private static string Write(List<Order> orders, Random random)
    {
        var messages = orders.Append(orders[random.Next(orders.Count)]).Take(orders.Count + (random.Next(10) == 0 ? 1 : 0)).ToArray();
        random.Shuffle(messages);
        return JsonSerializer.Serialize(new
        {
            batch = messages.Select(order => new
            {
                type = "track",
                userId = order.Customer,
                @event = "order_completed",
                properties = new { revenue = order.Revenue },
                messageId = order.Id,
            }),
        });
    }
}
