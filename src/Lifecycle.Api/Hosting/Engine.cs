using Lifecycle.Delivery;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Delivery.Relay;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using NodaTime;

namespace Lifecycle.Api.Hosting;

/// <summary>Everything behind the endpoints, put together: the log, the intake, the machines' runner and the delivery, as far as this process's roles
/// go.</summary>
public sealed class Engine : IAsyncDisposable
{
    /// <summary>How long Delivery leaves a shard unlooked at: where this process judges the shard itself, and is told of what there is, it may be
    /// longer.</summary>
    private static readonly Duration DeliveryPoll = Duration.FromSeconds(1), DeliveryPollHeld = Duration.FromSeconds(5);

    private readonly ServerOptions _options;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<string> _roleNames;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    private Engine(LogDatabase database, ServerOptions options, AddressRules addresses, FreeSpace? space, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<Engine>();
        Database = database;
        Log = new TouchpointLog(database);
        ReadLog = new TouchpointLog(database.Readers);
        Tenants = new TenantStore(database);
        Customers = new CustomerDirectory(database);
        Keys = new ApiKeys(database, Tenants, Time);
        Quarantine = new QuarantineStore(database, Customers);
        Releases = new ReleaseStore(database);
        var contracts = new LiveContracts(Releases, Time, loggers.CreateLogger<LiveContracts>());
        Intake = new Lifecycle.Ingestion.Intake(database, Customers, Log, Keys, Quarantine, Time, new IntakeLimits(), space, contracts);
        Progress = new ShardProgressBoard(database.Readers);
        Publishing = new Publishing(Log, Releases, Tenants);
        Processes = new ProcessRegistry(database);
        _roleNames = [.. Enum.GetValues<Roles>().Where(role => role != Roles.All && options.Roles.HasFlag(role))
            .Select(role => role.ToString().ToLowerInvariant())];
        var how = options.Roles.HasFlag(Roles.Process) ? new ProcessingOptions { Roles = _roleNames } : new ProcessingOptions();
        Processing = new ProcessingHost(Log, Releases, Progress, how, loggers.CreateLogger<ProcessingHost>());
        Endpoints = new EndpointStore(database, Time);
        Channel = new WebhookChannel(addresses, Time);
        Deliveries = new DeliveryStore(database, Endpoints, Channel, Time);
        var poll = options.Roles.HasFlag(Roles.Process) ? DeliveryPollHeld : DeliveryPoll;
        Dispatcher = new Dispatcher(database, Log, Tenants, Customers, Endpoints, Channel, ServedShards, new DispatchOptions { Poll = poll },
            loggers.CreateLogger<Dispatcher>());
        Carrier = new CrossCustomerRelay(database, Log, Tenants, Customers, ServedShards, Time, loggers.CreateLogger<CrossCustomerRelay>(), poll);
    }

    public LogDatabase Database { get; }

    /// <summary>What waiting is measured by.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The time of day, to the millisecond.</summary>
    public Instant Now => Instant.FromDateTimeOffset(Time.GetUtcNow()).ToMilliseconds();

    public TouchpointLog Log { get; }

    /// <summary>The log for who only reads, by connections of their own that cannot run out for intake, processing and delivery.</summary>
    public TouchpointLog ReadLog { get; }
    public TenantStore Tenants { get; }
    public CustomerDirectory Customers { get; }
    public ApiKeys Keys { get; }
    public QuarantineStore Quarantine { get; }
    public Lifecycle.Ingestion.Intake Intake { get; }
    public ReleaseStore Releases { get; }
    public ShardProgressBoard Progress { get; }
    public Publishing Publishing { get; }
    public ProcessRegistry Processes { get; }
    public ProcessingHost Processing { get; }
    public EndpointStore Endpoints { get; }
    public WebhookChannel Channel { get; }
    public DeliveryStore Deliveries { get; }
    public Dispatcher Dispatcher { get; }
    public CrossCustomerRelay Carrier { get; }

    /// <summary>Opens the database, bringing its schema up to date.</summary>
    /// <param name="databaseFolder">Where the database's files lie, if that is on this machine; null otherwise.</param>
    /// <exception cref="StartRefusedException">The database or an option does not fit; the message says how.</exception>
    public static async Task<Engine> OpenAsync(string connection, string? databaseFolder, ServerOptions options, ILoggerFactory loggers,
        CancellationToken ct)
    {
        try
        {
            var addresses = AddressRules.Allowing(options.AllowAddresses);
            var lease = Duration.FromSeconds(options.LeaseSeconds);
            var log = new LogOptions
            {
                Shards = options.Shards, ConnectionsMax = options.Connections, LeaseTime = lease, LeaseRenewal = lease / 3, ArchiveFolder =
                    options.ArchiveFolder,
            };
            var database = await LogDatabase.OpenAsync(connection, log, ct);
            var space = databaseFolder is null ? null : FreeSpace.Of(databaseFolder, options.FreeSpaceFloor, TimeProvider.System);
            return new Engine(database, options, addresses, space, loggers);
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
        else Regularly(ReportAsync, Database.Options.LeaseRenewal, "This process could not say that it is alive.");
        Regularly(ct => Quarantine.ForgetOldAsync(Time, ct), Duration.FromHours(1), "What was refused long ago could not be forgotten.");
        Regularly(Log.MaintainPartitionsAsync, Duration.FromHours(1), "Partitions could not be looked after.");
        if (!_options.Roles.HasFlag(Roles.Deliver)) return;
        Processing.HandedOn += Dispatcher.Wake;
        Processing.HandedOn += Carrier.Wake;
        Dispatcher.OutcomeRecorded += Processing.Wake;
        Deliveries.Replayed += Dispatcher.Wake;
        _running.Add(Task.Run(() => Dispatcher.RunAsync(_stop.Token), CancellationToken.None));
        _running.Add(Task.Run(() => Carrier.RunAsync(_stop.Token), CancellationToken.None));
    }

    /// <summary>Whether the process is about to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Takes nothing more in, ends what is under way, and gives the leases back. What reads goes on.</summary>
    /// <remarks>That takes as long as the longest request that is being stored, an attempt of a webhook, or a step.</remarks>
    public async Task DrainAsync()
    {
        if (IsStopping) return;
        IsStopping = true;
        await Intake.CloseAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await Processing.DrainAsync();
        Progress.EndWaiting();
    }

    /// <summary>Drains and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        await Processing.DisposeAsync();
        Dispatcher.Dispose();
        Channel.Dispose();
        await Database.DisposeAsync();
        _stop.Dispose();
    }

    private Task ReportAsync(CancellationToken ct) => Processes.ReportAsync(Processing.Owner, _roleNames, ct);

    /// <summary>Does something again and again until the process stops. What fails is tried again the next time.</summary>
    private void Regularly(Func<CancellationToken, Task> work, Duration interval, string failed) =>
        _running.Add(Task.Run(() => RepeatAsync(work, interval, failed, _stop.Token), CancellationToken.None));

    private async Task RepeatAsync(Func<CancellationToken, Task> work, Duration interval, string failed, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval.ToTimeSpan(), Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await work(stop);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    _logger.LogWarning(failure, "{Failed} This is tried again in {Interval}.", failed, interval);
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
