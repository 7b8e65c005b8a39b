using System.Globalization;
using System.Text;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Segment;

namespace Lifecycle.Simulation.Tests;

/// <summary>Somebody who sends events and keeps a ledger of what was acknowledged. What is not, is sent again, to whichever process answers.</summary>
internal sealed class Sender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly World _world;
    private readonly Node _node;
    private readonly Func<Server?> _pick;
    private readonly int _customers;
    private readonly List<string> _sent = [];

    public Sender(World world, string name, Func<Server?> pick, int customers)
    {
        (_world, _node, _pick, _customers) = (world, new Node(world, name), pick, customers);
    }

    /// <summary>Message ids that somebody has answered for, with whom they are about.</summary>
    public List<(string Customer, string Id)> Acknowledged { get; } = [];

    public bool IsDone { get; private set; }

    public void Start(int batches, TimeSpan within) => _node.Run(() => _ = SendAsync(batches, within));

    private async Task SendAsync(int batches, TimeSpan within)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            await Task.Delay(_world.Dice.NextDouble() * 2 * within / batches, _node.Time);
            var (body, events) = Write(batch);
            while (!await TryAsync(body)) await Task.Delay(_world.Between(0.1, 2), _node.Time);
            Acknowledged.AddRange(events);
            _world.Note($"{_node.Name} is sure of {events.Count} events");
            // An answer that was lost makes a sender repeat what was stored long ago.
            if (_world.Chance(0.1)) await TryAsync(body);
        }
        IsDone = true;
    }

    private async Task<bool> TryAsync(byte[] body)
    {
        if (_pick() is not { } server) return false;
        var answer = new TaskCompletionSource<IntakeAnswer?>();
        var request = new IntakeRequest(SegmentRoute.Named("batch"), body, null, false, Shop.WriteKey, null);
        server.Node.Run(() => _ = AskAsync(server, request, answer));
        await using var patience = _node.Time.CreateTimer(_ => answer.TrySetResult(null), null, Patience, Timeout.InfiniteTimeSpan);
        var heard = await answer.Task;
        if (heard is { Status: not (200 or 429 or 503) }) _world.Fail($"Intake answered {heard.Status} {heard.Code}: {heard.Message}");
        if (heard is { Rejected: [var rejection, ..] }) _world.Fail($"Intake rejected {rejection.MessageId}: {rejection.Code}");
        return heard is { Status: 200 };
    }

    private async Task AskAsync(Server server, IntakeRequest request, TaskCompletionSource<IntakeAnswer?> answer)
    {
        var given = await server.Intake.AcceptAsync(request);
        // The answer travels to another process, and is gone if its sender does not wait any more.
        _world.Schedule(_node, _world.Between(0.0001, 0.002), () => answer.TrySetResult(given));
    }

    private (byte[] Body, List<(string Customer, string Id)> Events) Write(int batch)
    {
        var (text, events) = (new StringBuilder("{\"batch\":["), new List<(string, string)>());
        var count = _world.Dice.Next(1, 5);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            // Now and then the same event twice in one batch, or one of an earlier batch once more.
            if (_sent.Count > 0 && _world.Chance(0.08))
            {
                text.Append(_world.Pick(_sent));
                continue;
            }
            var customer = $"customer-{_world.Dice.Next(_customers)}";
            var id = $"{_node.Name}-{batch}-{i}";
            var message = Message(customer, id);
            _sent.Add(message);
            events.Add((customer, id));
            text.Append(message);
        }
        return (Encoding.UTF8.GetBytes(text.Append("]}").ToString()), events);
    }

    private string Message(string customer, string id)
    {
        var late = _world.Chance(0.3) ? _world.Between(0, 40) : TimeSpan.Zero;
        var at = (_world.Now - late).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var common = $"\"messageId\":\"{id}\",\"userId\":\"{customer}\",\"timestamp\":\"{at}\"";
        return _world.Dice.Next(10) switch
        {
            0 => $"{{{common},\"type\":\"alias\",\"previousId\":\"customer-{_world.Dice.Next(_customers + 2)}\"}}",
            1 => $"{{{common},\"type\":\"identify\",\"traits\":{{\"email\":\"{customer}@example.com\"}}}}",
            2 => $"{{{common},\"type\":\"page\",\"name\":\"home\"}}",
            _ => $"{{{common},\"type\":\"track\",\"event\":\"Order Completed\",\"properties\":{{\"revenue\":{_world.Dice.Next(1, 60)}}}}}",
        };
    }
}
