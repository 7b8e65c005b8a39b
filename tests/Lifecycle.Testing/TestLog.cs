using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using NodaTime;

namespace Lifecycle.Testing;

/// <summary>A log of one tenant in a database of its own, written to in few words:
/// <c>await log.Did("ann", "signed_up").Did("ann", "order_completed").SendAsync()</c>.</summary>
public sealed class TestLog : IAsyncDisposable
{
    private readonly List<NewInput> _waiting = [];
    private int _made;

    private TestLog(TestDatabase server, LogDatabase database, Tenant tenant)
    {
        (Server, Database, Tenant) = (server, database, tenant);
        (Log, Customers, Tenants, Leases) = (new TouchpointLog(database), new CustomerDirectory(database), new TenantStore(database), new LeaseStore(database));
    }

    public TestDatabase Server { get; }
    public LogDatabase Database { get; }
    public Tenant Tenant { get; }
    public TouchpointLog Log { get; }
    public CustomerDirectory Customers { get; }
    public TenantStore Tenants { get; }
    public LeaseStore Leases { get; }

    /// <param name="test">Whether the tenant is a test tenant.</param>
    public static async Task<TestLog> StartAsync(LogOptions? options = null, bool test = false)
    {
        var server = await TestDatabase.CreateAsync();
        var database = await OpenAsync(server, options);
        var tenant = await new TenantStore(database).EnsureAsync(test ? "test" : "live", test);
        return new TestLog(server, database, tenant);
    }

    // A machine shared with others may stand still for longer than a server waits for its connection; that is no test's subject here.
    private static async Task<LogDatabase> OpenAsync(TestDatabase server, LogOptions? options)
    {
        try
        {
            return await server.OpenLogAsync(options);
        }
        catch (LogUnavailableException)
        {
            return await server.OpenLogAsync(options);
        }
    }

    public CustomerRef Customer(string id) => Customers.Locate(Tenant, id);

    /// <summary>A touchpoint of this tenant. Without <paramref name="id"/> each has its own.</summary>
    /// <param name="at">When it happened; by default at the end of time, which the log makes its own time.</param>
    /// <param name="properties">A JSON object.</param>
    public NewInput Touchpoint(string customer, string name, Instant? at = null, string properties = "{}", string? id = null, bool imported = false) =>
        Input(customer, new Touchpoint(name, Properties.Parse(properties)), at, id, imported);

    /// <summary>Any input of this tenant.</summary>
    public NewInput Input(string customer, Input input, Instant? at = null, string? id = null, bool imported = false)
    {
        var (name, version) = EventCodec.NameOf(input);
        var open = EventCodec.WriteOpen(input);
        var messageId = id ?? "message-" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        return new NewInput(Customer(customer), new RecordId(StableHash.Of(messageId)), StableHash.Of(open), name, version, open, null,
            at ?? Instants.Never, imported, 0, Tenant.Test);
    }

    /// <summary>Queues a touchpoint for <see cref="SendAsync"/>.</summary>
    public TestLog Did(string customer, string name, Instant? at = null, string properties = "{}", string? id = null)
    {
        _waiting.Add(Touchpoint(customer, name, at, properties, id));
        return this;
    }

    /// <summary>Queues a touchpoint of an imported history.</summary>
    public TestLog Once(string customer, string name, Instant at, string properties = "{}", string? id = null)
    {
        _waiting.Add(Touchpoint(customer, name, at, properties, id, imported: true));
        return this;
    }

    /// <summary>Appends what was queued, in one request.</summary>
    public async Task<IReadOnlyList<AppendOutcome>> SendAsync()
    {
        var outcomes = await Log.AppendAsync([.. _waiting]);
        _waiting.Clear();
        return outcomes;
    }

    /// <summary>Appends one input.</summary>
    public async Task<AppendOutcome> AppendAsync(NewInput input) => (await Log.AppendAsync([input]))[0];

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Server.DisposeAsync();
    }
}
