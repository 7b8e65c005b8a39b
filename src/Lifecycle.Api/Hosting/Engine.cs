using Lifecycle.Delivery;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Projections;
using NodaTime;

namespace Lifecycle.Api.Hosting;

/// <summary>Everything behind the endpoints, put together: the log, the intake, the machines' runner and the delivery, as far as this process's roles go.</summary>
public sealed class Engine : IAsyncDisposable
{
    private readonly ServerOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    private Engine(LogDatabase database, ServerOptions options, AddressRules addresses, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<Engine>();
        Database = database;
        Log = new Log(database);
        Tenants = new Tenants(database);
        Customers = new CustomerRegister(database);
        Keys = new ApiKeys(database, Tenants, Time);
        Quarantine = new Quarantine(database, Customers);
        Intake = new Ingestion.Intake(database, Customers, Log, Keys, Quarantine, Time, new IntakeLimits());
        Releases = new Projections.Releases(database);
        Progress = new Progress(database);
        Publishing = new Publishing(Log, Releases, Tenants);
        Processing = new Processing(Log, Releases, Progress, logger: loggers.CreateLogger<Processing>());
        Endpoints = new Delivery.Endpoints(database, Time);
        Channel = new WebhookChannel(addresses, Time);
        Deliveries = new Delivery.Deliveries(database, Endpoints, Channel, Time);
        Dispatcher = new Dispatcher(database, Log, Tenants, Customers, Endpoints, Channel, ServedShards, new DispatchOptions(), loggers.CreateLogger<Dispatcher>());
        Carrier = new Carrier(database, Log, Tenants, Customers, ServedShards, Time, loggers.CreateLogger<Carrier>());
    }

    public LogDatabase Database { get; }

    /// <summary>What waiting is measured by.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The time of day, to the millisecond.</summary>
    public Instant Now => Instant.FromDateTimeOffset(Time.GetUtcNow()).ToMilliseconds();

    public Log Log { get; }
    public Tenants Tenants { get; }
    public CustomerRegister Customers { get; }
    public ApiKeys Keys { get; }
    public Quarantine Quarantine { get; }
    public Ingestion.Intake Intake { get; }
    public Projections.Releases Releases { get; }
    public Progress Progress { get; }
    public Publishing Publishing { get; }
    public Processing Processing { get; }
    public Delivery.Endpoints Endpoints { get; }
    public WebhookChannel Channel { get; }
    public Delivery.Deliveries Deliveries { get; }
    public Dispatcher Dispatcher { get; }
    public Carrier Carrier { get; }

    /// <summary>Opens the database, bringing its schema up to date.</summary>
    /// <exception cref="StartRefusedException">The database or an option does not fit; the message says how.</exception>
    public static async Task<Engine> OpenAsync(string connection, ServerOptions options, ILoggerFactory loggers, CancellationToken ct)
    {
        try
        {
            var addresses = AddressRules.Allowing(options.AllowAddresses);
            var lease = Duration.FromSeconds(options.LeaseSeconds);
            var log = new LogOptions { Shards = options.Shards, LeaseTime = lease, LeaseRenewal = lease / 3 };
            var database = await LogDatabase.OpenAsync(connection, log, ct);
            return new Engine(database, options, addresses, loggers);
        }
        catch (FormatException wrong)
        {
            throw new StartRefusedException($"LIFECYCLE_ALLOW_ADDRESSES is wrong: {wrong.Message}", wrong);
        }
        catch (Exception wrong) when (wrong is LogConfigurationException or LogUnavailableException)
        {
            throw new StartRefusedException(wrong.Message, wrong);
        }
    }

    /// <summary>Starts what the roles ask for.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        if (_options.Roles.HasFlag(Roles.Process)) await Processing.StartAsync(ct);
        _running.Add(Task.Run(() => ForgetMessageIdsAsync(_stop.Token), CancellationToken.None));
        if (!_options.Roles.HasFlag(Roles.Deliver)) return;
        Processing.HandedOn += Dispatcher.Wake;
        Processing.HandedOn += Carrier.Wake;
        Dispatcher.OutcomeRecorded += Processing.Wake;
        _running.Add(Task.Run(() => Dispatcher.RunAsync(_stop.Token), CancellationToken.None));
        _running.Add(Task.Run(() => Carrier.RunAsync(_stop.Token), CancellationToken.None));
    }

    /// <summary>Ends what is under way, gives the leases back and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await Processing.DisposeAsync();
        Dispatcher.Dispose();
        Channel.Dispose();
        await Database.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Message ids of windows that no append looks at any more go, once an hour. What fails is tried again in the next.</summary>
    private async Task ForgetMessageIdsAsync(CancellationToken stop)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), Time);
        try
        {
            while (await hourly.WaitForNextTickAsync(stop))
            {
                try
                {
                    await Log.DropOldMessageIdsAsync(stop);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    _logger.LogWarning(failure, "Old message ids could not be dropped; this is tried again in an hour.");
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    // A process that only delivers has no shards of its own and serves all: who sends what is settled by claims in the database.
    private IReadOnlyCollection<int> ServedShards() =>
        _options.Roles.HasFlag(Roles.Process) ? Processing.HeldShards : [.. Enumerable.Range(0, Database.Shards)];
}
