using System.Text.Json;
using Bogus;
using Lifecycle.Api.Hosting;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>Made-up customers who live in a new installation: their past comes in as imported history, and then some of them keep coming
/// by.</summary>
public sealed class DemoPlay : IAsyncDisposable
{
    public const string ReceiverPath = "/demo/receiver";

    private const int BatchSize = 2500;

    /// <summary>How long after everybody else's past is judged the star's life takes its turn; long enough for the star's own past to be in by
    /// then.</summary>
    private static readonly Duration StarsPatience = Duration.FromSeconds(25);
    private static readonly Duration JudgingPatience = Duration.FromSeconds(60);

    private readonly Engine _engine;
    private readonly DemoBusiness _business;
    private readonly LiveAndTest _tenants;
    private readonly DemoPopulation _population;
    private readonly string _note;
    private readonly CancellationTokenSource _stop = new();
    private Task _traffic = Task.CompletedTask;

    public DemoPlay(Engine engine, DemoKind kind, LiveAndTest tenants, string dataFolder)
    {
        (_engine, _tenants, _business) = (engine, tenants, DemoBusiness.Of(kind));
        _population = new DemoPopulation(_business);
        _note = Path.Combine(dataFolder, "demo.json");
        Receiver = new DemoReceiver(() => engine.Now);
    }

    /// <summary>The customer to watch.</summary>
    public string Star => "ann";

    /// <summary>What is going to happen, in one sentence.</summary>
    public string Outlook { get; private set; } = "customers keep coming by, a few events a second.";

    /// <summary>Where the webhooks of the live tenant arrive.</summary>
    public DemoReceiver Receiver { get; }

    /// <summary>Registers the receiver, brings the past in unless it is there already, and lets the present begin.</summary>
    public async Task StartAsync(string url, CancellationToken ct)
    {
        _engine.Channel.AllowOwn(new Uri(url + ReceiverPath));
        await RegisterReceiverAsync(url + ReceiverPath, ct);
        var star = _engine.Customers.Locate(_tenants.Live, Star);
        var isNew = await _engine.Customers.FindIdAsync(star.Tenant, star.Shard, star.Key, ct) is null;
        var interrupted = PrivateFile.Read<ImportNote>(_note) is { IsComplete: false } note ? note : null;
        if (isNew || interrupted is not null)
        {
            // An import that was cut short is done again for the same day: the message ids are the same then, and nothing comes twice.
            // Until the star is known the turn may still be chosen.
            var import = interrupted ?? new ImportNote(_engine.Now.ToUnixTimeMilliseconds(), Turn: null, IsComplete: false);
            await ImportAsync(isNew ? import with { Turn = null } : import, ct);
        }
        _traffic = Task.Run(() => PlayAsync(_stop.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _traffic;
        _stop.Dispose();
    }

    /// <summary>The star comes last, and the turn is set when all others are judged: on a slow machine too it comes after the history is closed. What
    /// time does before that starts nothing.</summary>
    private async Task ImportAsync(ImportNote note, CancellationToken ct)
    {
        PrivateFile.Write(_note, note);
        var began = Instant.FromUnixTimeMilliseconds(note.Began);
        foreach (var batch in _population.History(began).Chunk(BatchSize)) await SendAsync(batch, historical: true, ct);
        await CloseAsync(ct);
        note = note with { Turn = note.Turn ?? (_engine.Now + StarsPatience).ToUnixTimeMilliseconds() };
        PrivateFile.Write(_note, note);
        var turn = Instant.FromUnixTimeMilliseconds(note.Turn.Value);
        await SendAsync(_population.StarsHistory(turn - StarsPatience, Star, turn - _business.Suspense), historical: true, ct);
        await CloseAsync(ct);
        PrivateFile.Write(_note, note with { IsComplete = true });
        var left = (int)(turn - _engine.Now).TotalSeconds;
        if (left < 1) return;
        Outlook =
            $"in about {left} seconds {Star} {_business.Turn} ({ReceiverPath.Replace("receiver", "received", StringComparison.Ordinal)} shows it).";
    }

    /// <summary>Closes the history and waits until it is judged.</summary>
    private async Task CloseAsync(CancellationToken ct)
    {
        var closed = await _engine.Intake.CloseHistoryAsync(_tenants.Live, ct);
        if (_engine.Processing.HeldShards.Count > 0) await _engine.Progress.WaitAsync(closed.Positions, JudgingPatience, ct);
    }

    /// <summary>A few events a second from people who still come, and now and then from one who had gone.</summary>
    private async Task PlayAsync(CancellationToken stop)
    {
        var random = new Randomizer();
        var present = _population.Customers.Where(customer => customer.StillComes).ToList();
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Int(250, 750)), _engine.Time, stop);
                var who = random.Bool(0.02f) ? random.ListItem([.. _population.Customers]) : random.ListItem(present);
                var now = _engine.Now;
                await SendAsync([.. _business.Visit(who, now, random).Select(one => one with { At = now })], historical: false, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task SendAsync(IReadOnlyCollection<DemoEvent> events, bool historical, CancellationToken ct)
    {
        if (events.Count == 0) return;
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("batch");
            foreach (var one in events) one.WriteTo(writer, _business.Currency);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        var request = new IntakeRequest(SegmentRoute.Named("batch"), body.ToArray(), null, historical, _tenants.LiveKeys.WriteKey, null);
        var answer = await _engine.Intake.AcceptAsync(request, ct);
        if (answer.Status != 200 && historical) throw new StartRefusedException($"The demo's history could not be stored: {answer.Message}");
    }

    /// <summary>The live tenant has one endpoint of ours, at the address of this start.</summary>
    private async Task RegisterReceiverAsync(string url, CancellationToken ct)
    {
        var tenant = _tenants.Live.Id;
        var ours = (await _engine.Endpoints.ListAsync(tenant, ct)).Where(endpoint => endpoint.Url.AbsolutePath == ReceiverPath).ToList();
        foreach (var former in ours.Where(endpoint => endpoint.Enabled && endpoint.Url.OriginalString != url))
            await _engine.Endpoints.DisableAsync(tenant, former.Number, cancellation: ct);
        var number = ours.FirstOrDefault(endpoint => endpoint.Url.OriginalString == url)?.Number;
        if (number is { } known) await _engine.Endpoints.EnableAsync(tenant, known, ct);
        else number = (await _engine.Endpoints.CreateAsync(tenant, url, cancellation: ct)).Endpoint?.Number;
        Receiver.Secret = number is { } one ? (await _engine.Endpoints.FindAsync(tenant, one, ct))?.Secrets : null;
    }

    /// <summary>What is known of the import of the past.</summary>
    /// <param name="Began">The day that the past ends with, in milliseconds since 1970.</param>
    /// <param name="Turn">When the star's life takes its turn, in milliseconds since 1970; null until that is known.</param>
    private sealed record ImportNote(long Began, long? Turn, bool IsComplete);
}
