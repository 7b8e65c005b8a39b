using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.EventLog.Tests;

public sealed class DatabaseTests
{
    private const string Shape =
        "select string_agg(table_name || '.' || column_name || ' ' || data_type, ',' order by table_name, ordinal_position) from information_schema.columns where table_schema = 'public'";

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        await using var server = await TestDatabase.CreateEmptyAsync();
        await LogDatabase.MigrateAsync(server.ConnectionUri);
        var (shape, applied) = (await server.ScalarAsync<string>(Shape), await server.ScalarAsync<DateTime>("select max(applied_at) from schema_version"));
        await LogDatabase.MigrateAsync(server.ConnectionUri);
        Assert.Equal((shape, applied), (await server.ScalarAsync<string>(Shape), await server.ScalarAsync<DateTime>("select max(applied_at) from schema_version")));
    }

    [Fact]
    public async Task Processes_that_start_at_once_make_one_database()
    {
        await using var server = await TestDatabase.CreateEmptyAsync();
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => server.OpenLogAsync(new LogOptions { Shards = 4 }))));
        foreach (var database in databases) await database.DisposeAsync();
        Assert.Equal((4L, 4L, 1L), (await server.ScalarAsync<long>("select count(*) from shard_head"), await server.ScalarAsync<long>("select count(*) from shard_lease"),
            await server.ScalarAsync<long>("select count(*) from schema_version where version = 1")));
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused()
    {
        await using var server = await TestDatabase.CreateAsync();
        await (await server.OpenLogAsync(new LogOptions { Shards = 16 })).DisposeAsync();
        var refusal = await Assert.ThrowsAsync<LogConfigurationException>(() => server.OpenLogAsync(new LogOptions { Shards = 256 }));
        Assert.Equal("The database was created with 16 shards and this program is set to 256: set it to 16, or copy the log into a new database.", refusal.Message);
    }

    [Theory]
    [InlineData("update cluster set semantics = 900", "This log is processed by semantics 900; this program knows ")]
    [InlineData("update cluster set zone_version = '9999z'", "This log is processed with the time zones of 9999z; this program knows those of ")]
    public async Task A_log_that_a_newer_engine_has_processed_is_refused(string made, string said)
    {
        await using var server = await TestDatabase.CreateAsync();
        await (await server.OpenLogAsync()).DisposeAsync();
        await server.ExecuteAsync(made);
        Assert.StartsWith(said, (await Assert.ThrowsAsync<LogConfigurationException>(() => server.OpenLogAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_window_of_message_ids_is_refused()
    {
        await using var server = await TestDatabase.CreateAsync();
        await (await server.OpenLogAsync()).DisposeAsync();
        await Assert.ThrowsAsync<LogConfigurationException>(() => server.OpenLogAsync(new LogOptions { MessageIdWindow = Duration.FromDays(1) }));
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused()
    {
        await using var server = await TestDatabase.CreateAsync();
        await server.ExecuteAsync("insert into schema_version (version, name) values (900, 'from the future')");
        var refusal = await Assert.ThrowsAsync<LogConfigurationException>(() => server.OpenLogAsync());
        Assert.StartsWith("The database has schema version 900 ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop table log_format", "The database was made by an earlier version of this program, in format 1, and this one reads format 3 alone: ")]
    [InlineData("update log_format set format = 4", "The database has format 4 and this program reads format 3 alone: ")]
    public async Task A_database_of_another_format_is_refused_in_a_sentence(string made, string said)
    {
        await using var server = await TestDatabase.CreateAsync();
        await server.ExecuteAsync(made);
        var refusal = await Assert.ThrowsAsync<LogConfigurationException>(() => server.OpenLogAsync());
        Assert.StartsWith(said, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_is_wrong_is_said_to_be()
    {
        await using var server = await TestDatabase.CreateAsync();
        var wrong = new UriBuilder(server.ConnectionUri) { Password = "wrong" }.Uri.ToString();
        await Assert.ThrowsAsync<LogConfigurationException>(() => LogDatabase.OpenAsync(wrong, new LogOptions()));
    }

    [Theory]
    [InlineData("postgresql://ann:a%40b@db.example:6000/life%20cycle?sslmode=verify-full&application_name=x", "db.example", 6000, "ann", "a@b", "life cycle")]
    [InlineData("postgres://ann@127.0.0.1/lifecycle", "127.0.0.1", 5432, "ann", null, "lifecycle")]
    [InlineData("Host=db.example;Port=6000;Username=ann;Password=a@b;Database=life cycle", "db.example", 6000, "ann", "a@b", "life cycle")]
    public void An_address_is_read_in_both_spellings(string text, string host, int port, string user, string? password, string database)
    {
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(LogConnection.Settings(text));
        Assert.Equal((host, port, user, password, database), (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database));
        Assert.Contains("idle_in_transaction_session_timeout=3s", settings.Options, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_takes_as_many_connections_as_its_address_says_or_else_a_few_for_each_processor()
    {
        Assert.InRange(LogConnection.ConnectionsByDefault, 12, 40);
        Assert.Equal(LogConnection.ConnectionsByDefault, PoolOf("postgresql://me@db.example/lifecycle"));
        Assert.Equal(LogConnection.ConnectionsByDefault, PoolOf("Host=db.example;Username=me"));
        Assert.Equal(25, PoolOf("postgresql://me@db.example/lifecycle?Maximum%20Pool%20Size=25"));
        Assert.Equal(100, PoolOf("Host=db.example;Maximum Pool Size=100"));

        static int PoolOf(string address) => new Npgsql.NpgsqlConnectionStringBuilder(LogConnection.Settings(address)).MaxPoolSize;
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("Host=")]
    [InlineData("postgresql://")]
    [InlineData("Hots=db.example")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<LogConfigurationException>(() => LogConnection.Settings(text));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sessions_have_the_settings_the_log_depends_on(bool reader)
    {
        await using var log = await TestLog.StartAsync();
        await using var command = (reader ? log.Database.Readers : log.Database).Source.CreateCommand(
            "select current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('statement_timeout')"
            + " || ' ' || current_setting('timezone') || ' ' || current_setting('application_name') || ' ' || current_setting('fsync') || ' ' || current_setting('data_checksums')");
        Assert.Equal("5s 3s 30s UTC lifecycle on on", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_tenant_is_made_once_and_keeps_its_secret()
    {
        await using var log = await TestLog.StartAsync();
        var tenants = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => log.Tenants.EnsureAsync("shop-" + n % 4, test: false))));
        Assert.Equal(4, tenants.Select(tenant => tenant.Id).Distinct().Count());
        Assert.Equal(5, (await log.Tenants.AllAsync()).Count);
        Assert.Equal(tenants[0].Secret, (await log.Tenants.FindAsync(tenants[0].Id))!.Secret);
        await Assert.ThrowsAsync<LogConfigurationException>(() => log.Tenants.EnsureAsync("shop-0", test: true));
    }

    [Fact]
    public async Task Two_tenants_know_one_id_by_different_keys()
    {
        await using var log = await TestLog.StartAsync();
        var other = await log.Tenants.EnsureAsync("other", test: false);
        Assert.NotEqual(log.Customer("ann").Key, log.Customers.Locate(other, "ann").Key);
        Assert.Equal(log.Customer("ann"), log.Customer("ann"));
    }

    [Fact]
    public async Task A_customer_is_registered_once_with_one_key()
    {
        await using var log = await TestLog.StartAsync();
        var customers = Enumerable.Range(0, 100).Select(n => log.Customer($"customer-{n}")).ToList();
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new CustomerDirectory(log.Database).EnsureAsync(customers))));
        var ann = customers[7];

        Assert.All(both, keys => Assert.Equal(both[0].OrderBy(pair => pair.Key), keys.OrderBy(pair => pair.Key)));
        Assert.Equal(100, both[0].Count);
        Assert.Equal("customer-7", await log.Customers.FindIdAsync(ann.Tenant, ann.Shard, ann.Key));
        Assert.Equal(both[0][ann.Key], await log.Customers.FindKeyAsync(ann.Tenant, ann.Shard, ann.Key));
        Assert.Null(await log.Customers.FindIdAsync(ann.Tenant, ann.Shard, log.Customer("nobody").Key));
    }
}
