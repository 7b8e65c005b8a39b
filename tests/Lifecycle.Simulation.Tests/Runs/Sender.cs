using System.Globalization;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Protocols.Segment;
using Lifecycle.Simulation.Tests.World;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>Somebody who sends events and keeps a ledger of what was acknowledged. What is not, is sent again, to whichever process answers.</summary>
internal sealed class Sender
{
    private readonly SimulatedWorld _world;
    private readonly Node _node;
    private readonly Func<SimulatedServer?> _pick;
    private readonly int _customers;
    private readonly bool _historical;
    private readonly List<string> _sent = [];

    /// <param name="customers">How many customers it sends events of.</param>
    /// <param name="historical">It brings in what happened in the minutes before, as imported history.</param>
    public Sender(SimulatedWorld world, string name, Func<SimulatedServer?> pick, int customers, bool historical = false)
    {
        (_world, _node, _pick, _customers, _historical) = (world, new Node(world, name), pick, customers, historical);
    }

    /// <summary>Message ids that somebody has answered for, with whom they are about.</summary>
    public List<(string Customer, string Id)> Acknowledged { get; } = [];

    public bool IsDone { get; private set; }

    /// <summary>Now and then it asks for a customer to be erased.</summary>
    public bool Erases { get; set; }

    public void Start(int batches, TimeSpan within) => _node.Run(() => _ = SendAsync(batches, within));

    private async Task SendAsync(int batches, TimeSpan within)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            await Task.Delay(_world.Dice.NextDouble() * 2 * within / batches, _node.Time);
            var (body, events) = Write(batch);
            while (!await TryAsync(body, events)) await Task.Delay(_world.Between(0.1, 2), _node.Time);
            Acknowledged.AddRange(events);
            if (Erases && _world.Chance(0.2)) await EraseAsync($"customer-{_world.Dice.Next(_customers)}");
            _world.Note($"{_node.Name} is sure of {events.Count} events");
            // An answer that was lost makes a sender repeat what was stored long ago.
            if (_world.Chance(0.1)) await TryAsync(body, events);
        }
        // Whoever forgets to say that an import is complete has it closed some minutes later.
        if (_historical && _world.Chance(0.7)) await CloseHistoryAsync();
        IsDone = true;
    }

    private async Task EraseAsync(string customer)
    {
        while (await Question.AskAsync(_world, _node, _pick,
            async server => $"{await server.Log.EraseAsync(server.Tenant, new CustomerDirectory(server.Database).Locate(server.Tenant, customer))}") is null)
            await Task.Delay(_world.Between(0.1, 2), _node.Time);
        _world.Note($"{_node.Name} has {customer} erased");
    }

    private async Task CloseHistoryAsync()
    {
        for (var shard = 0; shard < SimulatedServer.Options.Shards; shard++)
        {
            var (place, id) = (shard, new RecordId(StableHash.Of("closed", _node.Name, $"{shard}")));
            while (await Question.AskAsync(_world, _node, _pick, async server => $"{await server.Log.AppendShardInputAsync(place, server.Tenant, new HistoryClosed(), id)}") is null)
                await Task.Delay(_world.Between(0.1, 2), _node.Time);
        }
        _world.Note($"{_node.Name} says that the history is complete");
    }

    private async Task<bool> TryAsync(byte[] body, List<(string Customer, string Id)> events)
    {
        var request = new IntakeRequest(SegmentRoute.Named("batch"), body, null, _historical, SimulatedShop.WriteKey, null);
        var heard = await Question.AskAsync(_world, _node, _pick, server => server.Intake.AcceptAsync(request));
        if (heard is { Status: not (200 or 429 or 503) }) _world.Fail($"Intake answered {heard.Status} {heard.Code}: {heard.Message}");
        foreach (var rejection in heard?.Rejected ?? [])
        {
            // A server whose clock is behind takes what has just happened for what is to come, and says so.
            if (rejection.Code is "erased" or "timestamp_in_future") events.RemoveAll(sent => sent.Id == rejection.MessageId);
            else _world.Fail($"Intake rejected {rejection.MessageId}: {rejection.Code}");
        }
        return heard is { Status: 200 };
    }

    private (byte[] Body, List<(string Customer, string Id)> Events) Write(int batch)
    {
        var (text, events) = (new StringBuilder("{\"batch\":["), new List<(string, string)>());
        // Now and then there is much of one customer in a request, all of one instant.
        var (only, at) = _world.Chance(0.25) ? ($"customer-{_world.Dice.Next(_customers)}", SomeTime()) : (null, null);
        var count = _world.Dice.Next(1, only is null ? 5 : 10);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            // Now and then the same event twice in one batch, or one of an earlier batch once more.
            if (_sent.Count > 0 && _world.Chance(0.08))
            {
                text.Append(_world.Pick(_sent));
                continue;
            }
            var customer = only ?? $"customer-{_world.Dice.Next(_customers)}";
            var id = $"{_node.Name}-{batch}-{i}";
            var message = Message(customer, id, at ?? SomeTime());
            _sent.Add(message);
            events.Add((customer, id));
            text.Append(message);
        }
        return (Encoding.UTF8.GetBytes(text.Append("]}").ToString()), events);
    }

    /// <summary>Now, or some time ago.</summary>
    private string SomeTime()
    {
        var late = _historical ? _world.Between(0, 200) : _world.Chance(0.3) ? _world.Between(0, 40) : TimeSpan.Zero;
        return (_world.Now - late).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    private string Message(string customer, string id, string at)
    {
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
