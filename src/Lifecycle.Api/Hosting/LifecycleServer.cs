using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Lifecycle.Api.Clock;
using Lifecycle.Api.Customers;
using Lifecycle.Api.Deliveries;
using Lifecycle.Api.Demo;
using Lifecycle.Api.Endpoints;
using Lifecycle.Api.Health;
using Lifecycle.Api.Http;
using Lifecycle.Api.Intake;
using Lifecycle.Api.Quarantine;
using Lifecycle.Api.Releases;
using Lifecycle.Api.Stages;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.EmbeddedPostgres;
using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Releases;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;

namespace Lifecycle.Api.Hosting;

/// <summary>The whole product in one process: its database if it has none, the engine, the web server, and the made-up customers that were asked
/// for.</summary>
public sealed class LifecycleServer : IAsyncDisposable
{
    /// <summary>The most connections of clients at once; the next is closed again.</summary>
    private const int ConnectionsMax = 1000;

    private readonly Stack<Func<ValueTask>> _open = new();

    private LifecycleServer(ServerOptions options) => Options = options;

    public ServerOptions Options { get; }

    /// <summary>What <c>server.json</c> says.</summary>
    public ServerFile Address { get; private set; } = null!;

    public Engine Engine { get; private set; } = null!;

    /// <summary>The made-up customers; null without.</summary>
    public DemoPlay? Demo { get; private set; }

    /// <summary>Starts everything and returns when the server listens, is ready, and <c>server.json</c> says so.</summary>
    /// <exception cref="StartRefusedException">It cannot start as it was asked to.</exception>
    public static async Task<LifecycleServer> StartAsync(ServerOptions options, CancellationToken ct = default)
    {
        var server = new LifecycleServer(options);
        try
        {
            await server.OpenAsync(ct);
            return server;
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            // The database may go away, or run out of connections, at any point of the start.
            if (failure is LogUnavailableException or DbException or TimeoutException)
                throw new StartRefusedException(Outages.AdviceOn(failure), failure);
            throw;
        }
    }

    /// <summary>Stops the intake first, lets what is under way come to its end, gives back the leases, and stops the PostgreSQL it started.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var close)) await close();
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        var folder = DataFolder.Take(Options.DataFolder);
        _open.Push(() => { folder.Dispose(); return ValueTask.CompletedTask; });
        var own = Options.Database is null ? await StartDatabaseAsync(folder, ct) : null;
        var connection = Options.Database ?? own!.ConnectionUri;

        var loggers = LoggerFactory.Create(ConfigureLogging);
        _open.Push(() => { loggers.Dispose(); return ValueTask.CompletedTask; });
        Engine = await Engine.OpenAsync(connection, own?.Folder, Options, loggers, ct);
        _open.Push(Engine.DisposeAsync);
        var tenants = await LiveAndTest.EnsureAsync(Engine, folder.Path, ct);
        ServerFile.Remove(folder.Path);
        await Samples.PublishFirstAsync(Engine, [tenants.Live, tenants.Test], Options.Demo, ct);
        await Engine.Publishing.ResumeAsync(ct);
        await Engine.StartAsync(ct);

        Demo = Options.Demo == DemoKind.None ? null : new DemoPlay(Engine, Options.Demo, tenants, folder.Path);
        var app = Build();
        _open.Push(app.DisposeAsync);
        var url = await ListenAsync(app, ct);
        // While it drains it still listens: senders hear that they should come again, and load balancers that they should go elsewhere.
        _open.Push(async () => await Engine.DrainAsync());
        if (Demo is not null)
        {
            _open.Push(Demo.DisposeAsync);
            await Demo.StartAsync(url, ct);
        }
        Address = new ServerFile(url, url + "/", ToAddress(connection), tenants.LiveKeys.WriteKey, tenants.LiveKeys.AdminKey, tenants.TestKeys);
        Address.Write(folder.Path);
        _open.Push(() => { ServerFile.Remove(folder.Path); return ValueTask.CompletedTask; });
    }

    private async Task<EmbeddedServer> StartDatabaseAsync(DataFolder folder, CancellationToken ct)
    {
        try
        {
            var database = await EmbeddedServer.StartAsync(folder.Path, ct);
            _open.Push(async () => await database.StopAsync());
            return database;
        }
        catch (LogConfigurationException wrong)
        {
            throw new StartRefusedException(wrong.Message, wrong);
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        ConfigureLogging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            // Intake and the readers of bodies count for themselves, so that what is too large is answered and not cut off.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(Options.Bind, Options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddApiDescription();
        AddEngine(builder.Services);
        var app = builder.Build();
        Route(app);
        return app;
    }

    // A host that cannot start throws what it logs, and whoever starts it says it in one sentence.
    private void ConfigureLogging(ILoggingBuilder logging) =>
        LimitedLogging.AddLimitedConsole(logging.ClearProviders()).SetMinimumLevel(Options.LogLevel)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

    private void AddEngine(IServiceCollection services)
    {
        var pages = new CustomerQueries(Engine.ReadLog, Engine.Customers, Engine.Releases);
        services.AddSingleton(Engine);
        services.AddSingleton(Engine.Database);
        services.AddSingleton(Engine.Keys);
        services.AddSingleton(Engine.Intake);
        services.AddSingleton(Engine.Releases);
        services.AddSingleton(Engine.Progress);
        services.AddSingleton(Engine.Publishing);
        services.AddSingleton(Engine.Endpoints);
        services.AddSingleton(Engine.Deliveries);
        services.AddSingleton(pages);
        services.AddSingleton(new PresentQueries(Engine.ReadLog.Database, Engine.Customers));
        services.AddSingleton(new OutlookQueries(pages, Engine.Releases));
        services.AddSingleton(new TimelineQueries(Engine.ReadLog.Database, Engine.Customers));
        services.AddSingleton(new LookUpQueries(Engine.Database.Readers));
        services.AddSingleton(new StageQueries(Engine.ReadLog, Engine.Customers, Engine.Releases, pages));
        services.AddSingleton(
            new TestClock(Engine.Log, Engine.Releases, Engine.Progress, (tenant, ct) => Engine.Deliveries.PendingAsync(tenant.Id, ct)));
    }

    private void Route(WebApplication app)
    {
        app.UseHeaders();
        app.UseFailures();
        app.UseRawIds();
        app.UseJsonBodies();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseAccess();
        if (Options.Roles.HasFlag(Roles.Ingest)) app.MapIntake();
        else app.MapNoIntake();
        var management = app.MapGroup("/v1").WithMetadata(new OpensTo(KeyKind.Admin)).WithKnownParameters().WithWaiting();
        management.MapCustomers();
        management.MapErasure();
        management.MapLife();
        management.MapOutlook();
        management.MapStages();
        management.MapReleases();
        management.MapClock();
        management.MapEndpoints();
        management.MapDeliveries();
        management.MapQuarantine();
        app.MapGroup("/v1").WithMetadata(new OpensTo(KeyKind.Write)).WithKnownParameters().MapProgress();
        app.MapGroup("/v1").WithKnownParameters().MapHistory();
        app.MapHealth();
        app.MapOpenApi("/openapi/v1.json");
        if (Options.Demo != DemoKind.None) app.MapDemo(() => Demo);
    }

    private async Task<string> ListenAsync(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException taken)
        {
            throw new StartRefusedException($"Port {Options.Port} is taken; stop what listens there or choose another with --port.", taken);
        }
        catch (SocketException impossible)
        {
            throw new StartRefusedException($"It cannot listen on port {Options.Port} of {Options.Bind}: {impossible.Message}.", impossible);
        }
        // Stopping waits for the requests under way and takes no new ones.
        _open.Push(async () => await app.StopAsync());
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var host = Options.Bind.Equals(IPAddress.Any) || Options.Bind.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : bound.Host;
        return $"http://{host}:{bound.Port}";
    }

    private static string ToAddress(string connection)
    {
        if (connection.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && connection.Contains("://", StringComparison.Ordinal))
            return connection;
        var settings = new NpgsqlConnectionStringBuilder(connection);
        var password = string.IsNullOrEmpty(settings.Password) ? "" : ":" + Uri.EscapeDataString(settings.Password);
        var user = string.IsNullOrEmpty(settings.Username) ? "" : $"{Uri.EscapeDataString(settings.Username)}{password}@";
        return $"postgresql://{user}{settings.Host}:{settings.Port}/{Uri.EscapeDataString(settings.Database ?? "")}";
    }
}
