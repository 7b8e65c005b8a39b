using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;
using NodaTime;
using static Lifecycle.EventLog.Sql.LogStatements;

namespace Lifecycle.Simulation.Tests.Contract;

/// <summary>The simulation's store answers what PostgreSQL answers.</summary>
public class StoreContractTests
{
    // Time that lies ahead of both stores' clocks, so that what they record is the same.
    private static readonly Instant Ahead = Instant.FromUtc(2199, 1, 1, 0, 0);
    private static readonly DateTime Then = Ahead.ToDateTimeUtc();
    private static readonly Guid Ann = new("0a000000-0000-4000-8000-000000000001"), Bob = new("f0000000-0000-4000-8000-000000000002");
    private static readonly Guid Me = new("11111111-0000-4000-8000-000000000001"), Other = new("22222222-0000-4000-8000-000000000002");

    [Fact]
    public Task Inputs_are_appended_once_and_conflicts_are_told() => Transcript.CompareAsync(async both =>
    {
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(LockHead(0), Command("raise_head").With(0).With((Instant?)Ahead));
        await AppendAsync(both, Input(Ann, "a"), Input(Bob, "a"), Input(Ann, "b", at: Ahead - Duration.FromDays(3)));
        await AppendAsync(both, Input(Ann, "a"), Input(Ann, "c"), Input(Ann, "c"), Input(Ann, "b", "other"), Input(Ann, "c", "other"));
        await AppendAsync(both, Input(Ann, "a"));
        await AppendAsync(both, Input(Bob, "old", at: Ahead - Duration.FromDays(400), imported: true), Input(Bob, "new"));
        await AppendAsync(both, Input(Bob, "old", at: Ahead - Duration.FromDays(400), imported: true), Input(Ann, "older", imported: true));
        await both.ReadAsync(Command("raise_head").With(0).With((Instant?)(Ahead + Duration.FromDays(8))));
        await both.Database.EnsurePartitionsAsync(Ahead + Duration.FromDays(8), default);
        await AppendAsync(both, Input(Ann, "a"), Input(Ann, "d"));
        await both.ReadAsync(Command("raise_head").With(0).With((Instant?)(Ahead + Duration.FromDays(16))));
        await both.Database.EnsurePartitionsAsync(Ahead + Duration.FromDays(16), default);
        await AppendAsync(both, Input(Bob, "a"), Input(Bob, "old", at: Ahead - Duration.FromDays(400), imported: true));
        await both.ReadAsync(Command("raise_head").With(0).With((Instant?)(Ahead + Duration.FromDays(40))));
        await AppendAsync(both, Input(Ann, "no partition"));
        await both.ReadAsync(Command("read_head").With(0));
        await both.ReadAsync(Command("read_events").With(0).With(0L).With(100));
        await both.ReadAsync(Command("read_customer").With(0).With(1).With(Ann).With(5L));
        await both.ReadAsync(ProjectionSql.InBatch("read_past_of").With(0).With(new[] { 1, 1 }).With(new[] { Bob, Ann }).With(6L));
    });

    [Fact]
    public Task Inputs_are_appended_as_new_unless_one_is_known() => Transcript.CompareAsync(async both =>
    {
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(LockHead(0), Command("raise_head").With(0).With((Instant?)Ahead));
        await AppendNewAsync(both, Input(Ann, "a"), Input(Bob, "a"), Input(Ann, "b", at: Ahead - Duration.FromDays(3)));
        await AppendNewAsync(both, Input(Ann, "c"), Input(Bob, "a"));
        await AppendNewAsync(both, Input(Ann, "c"));
        await AppendAsync(both, Input(Bob, "old", at: Ahead - Duration.FromDays(400), imported: true));
        await AppendNewAsync(both, Input(Ann, "old"), Input(Ann, "d"));
        await AppendNewAsync(both, Input(Bob, "old"), Input(Bob, "d"));
        await both.ReadAsync(Command("raise_head").With(0).With((Instant?)(Ahead + Duration.FromDays(8))));
        await both.Database.EnsurePartitionsAsync(Ahead + Duration.FromDays(8), default);
        await AppendNewAsync(both, Input(Ann, "e"), Input(Ann, "a"));
        await AppendNewAsync(both, Input(Ann, "e"));
        await both.ReadAsync(Command("raise_head").With(0).With((Instant?)(Ahead + Duration.FromDays(40))));
        await AppendNewAsync(both, Input(Ann, "no partition"));
        await both.ReadAsync(Command("read_head").With(0));
        await both.ReadAsync(Command("read_events").With(0).With(0L).With(100));
    });

    [Fact]
    public Task Who_is_erased_is_erased_once_and_nothing_of_theirs_is_taken_in() => Transcript.CompareAsync(async both =>
    {
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(LockHead(0), Command("raise_head").With(0).With((Instant?)Ahead));
        var (tenant, ann) = (new Tenant(1, "live", false, []), new CustomerRef(1, 0, new CustomerKey(Ann), "ann"));
        await both.ReadAsync(LockHead(0), EraseCustomer(tenant, ann));
        await both.WriteAsync(Command("ensure_customers").With(0).With(new[] { 1, 1 }).With(new[] { Ann, Bob }).With(new[] { "ann", "bob" }).With(new byte[][] { [1], [2] }));
        await AppendNewAsync(both, Input(Ann, "a"), Input(Bob, "a"));
        await both.ReadAsync(LockHead(0), EraseCustomer(tenant, ann));
        await both.ReadAsync(LockHead(0), EraseCustomer(tenant, ann));
        await AppendNewAsync(both, Input(Bob, "b"), Input(Ann, "b"));
        await AppendNewAsync(both, Input(Bob, "c"));
        await AppendAsync(both, Input(Ann, "a"), Input(Bob, "d"), Input(Ann, "e"), Input(Ann, "e"), Input(Ann, "old", imported: true), Input(Bob, "a"));
        await AppendAsync(both, Input(Ann, "old", imported: true));
        await both.WriteAsync(Command("ensure_customers").With(0).With(new[] { 1 }).With(new[] { Ann }).With(new[] { "ann" }).With(new byte[][] { [3] }));
        await both.ReadAsync(Command("read_customer_entry").With(0).With(1).With(Ann));
        await both.ReadAsync(Command("read_customer_keys").With(0).With(new[] { 1, 1 }).With(new[] { Ann, Bob }));
        await both.ReadAsync(Command("read_erased").With(0));
        await both.ReadAsync(Command("read_events").With(0).With(0L).With(100));
        await both.ReadAsync(3, false, Command("acquire_lease").With(0).With(Me).With(TimeSpan.FromHours(1)));
        await WriteStepAsync(both, epoch: 1, step: 1);
        await both.WriteAsync(Guarded("drop_erased", 7).With(new[] { 1 }).With(new[] { Bob }));
        await both.ReadAsync(ProjectionSql.InBatch("read_spans").With(0).With(1).With(Ann));
        foreach (var (epoch, hash, at) in ((long, Guid?, DateTime)[])[(7, Me, Then), (1, Me, Then), (1, Other, Then.AddDays(-1)), (1, null, Then.AddDays(1)), (1, Me, Then.AddDays(2))])
        {
            await both.WriteAsync(Guarded("store_look_ups", epoch).With(new[] { 1, 1 }).With(new[] { Ann, Bob }).With(new short[] { 1, 2 }).With(new Guid?[] { hash, Me })
                .With(new[] { at, at }));
            await both.ReadAsync(ProjectionSql.InBatch("find_look_up").With(0).With(1).With(Me).With(10));
        }
        await both.WriteAsync(Guarded("drop_erased", 1).With(new[] { 1, 1 }).With(new[] { Ann, Bob }));
        await both.ReadAsync(ProjectionSql.InBatch("read_spans").With(0).With(1).With(Ann));
        await both.ReadAsync(ProjectionSql.InBatch("find_look_up").With(0).With(1).With(Me).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_next_due").With(0));
        await both.ReadAsync(ProjectionSql.InBatch("read_set_aside").With(0));
        await both.ReadAsync(100, true, ProjectionSql.InBatch("read_states").With(0).With(new[] { 1, 1 }).With(new[] { Bob, Ann }));
    });

    [Fact]
    public Task What_concerns_all_customers_is_appended_once_for_ever() => Transcript.CompareAsync(async both =>
    {
        var (live, test) = (new Tenant(1, "live", false, []), new Tenant(2, "test", true, []));
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(LockHead(1), Command("raise_head").With(1).With((Instant?)Ahead));
        await both.WriteAsync(Command("ensure_tenant_clock").With(1).With(2).With((Instant?)(Ahead - Duration.FromDays(9))));
        await both.WriteAsync(Command("ensure_tenant_clock").With(1).With(2).With((Instant?)Ahead));
        (Tenant Tenant, ShardInput Input, string Id)[] inputs =
        [
            (live, new ReleaseActivated(1, "one"), "r1"), (live, new ReleaseActivated(1, "one"), "r1"), (live, new ReleaseActivated(2, "two"), "r1"),
            (live, new HistoryClosed(), "c0"), (live, new HistoryOpened(), "o1"), (live, new HistoryOpened(), "o2"), (live, new HistoryClosed(), "c1"),
            (live, new HistoryClosed(), "c2"), (test, new ClockAdvanced(Ahead - Duration.FromDays(5)), "t1"),
            (test, new ClockAdvanced(Ahead - Duration.FromDays(7)), "t2"), (test, new ReleaseActivated(1, "one"), "r1"),
        ];
        foreach (var (tenant, input, id) in inputs)
            await both.ReadAsync(LockHead(1), AppendShardInput(1, tenant, input, new RecordId(StableHash.Of(id))));
        await both.ReadAsync(Command("read_shard_inputs").With(1).With(0L));
        await both.ReadAsync(Command("read_head").With(1));
    });

    [Fact]
    public Task A_release_has_a_number_of_its_own() => Transcript.CompareAsync(async both =>
    {
        await both.ReadAsync(ProjectionSql.InBatch("read_newest_release").With(1));
        foreach (var (tenant, number) in ((int, int)[])[(1, 1), (1, 2), (2, 1), (1, 2)])
            await both.ReadAsync(ProjectionSql.InBatch("store_release").With(tenant).With(number).With($"hash {number}").With("{}").With("2026b").With(1));
        await both.ReadAsync(ProjectionSql.InBatch("read_newest_release").With(1));
        await both.ReadAsync(3, false, ProjectionSql.InBatch("read_releases").With(1));
    });

    [Fact]
    public Task Processes_are_alive_while_they_say_so() => Transcript.CompareAsync(async both =>
    {
        var hour = TimeSpan.FromHours(1);
        await both.WriteAsync(Command("report_process").With(Me).With(new[] { "process", "deliver" }));
        await both.WriteAsync(Command("report_process").With(Me).With(new[] { "process" }));
        await both.WriteAsync(Command("report_process").With(Other).With(new[] { "ingest" }));
        await both.ReadAsync(Command("read_processes").With(hour));
        await both.ReadAsync(Command("read_processes").With(-hour));
        await both.WriteAsync(Command("leave_process").With(Other));
        await both.WriteAsync(Command("leave_process").With(Other));
        await both.WriteAsync(Command("forget_processes").With(hour));
        await both.WriteAsync(Command("forget_processes").With(-hour));
        await both.ReadAsync(Command("takes_writes"));
    });

    [Fact]
    public Task A_lease_has_one_owner_and_a_step_of_any_other_changes_nothing() => Transcript.CompareAsync(async both =>
    {
        var hour = TimeSpan.FromHours(1);
        await both.ReadAsync(3, false, Command("acquire_lease").With(0).With(Me).With(hour));
        await both.ReadAsync(3, false, Command("acquire_lease").With(0).With(Other).With(hour));
        await both.WriteAsync(ProjectionSql.InBatch("advance_lease").With(0).With(1L).With(Me).With(0L).With(0L).With(Ahead));
        await both.ReadAsync(Command("acquire_lease").With(0).With(Me).With(hour));
        await both.ReadAsync(Command("lock_lease").With(0).With(1L).With(Me));
        await both.ReadAsync(Command("lock_lease").With(0).With(2L).With(Me));
        await both.WriteAsync(Command("renew_lease").With(0).With(1L).With(Me).With(hour));
        await both.WriteAsync(Command("renew_lease").With(0).With(2L).With(Me).With(-hour));
        await both.ReadAsync(6, false, ProjectionSql.InBatch("read_lease").With(0));
        await both.ReadAsync(Command("acquire_lease").With(0).With(Other).With(hour));
        await both.WriteAsync(ProjectionSql.InBatch("advance_lease").With(0).With(2L).With(Me).With(5L).With(5L).With(Ahead));
        await both.WriteAsync(Command("release_lease").With(0).With(2L).With(Me));
        await both.WriteAsync(Command("release_lease").With(0).With(3L).With(Other));
        await both.ReadAsync(6, false, ProjectionSql.InBatch("read_lease").With(0));
    });

    [Fact]
    public Task A_step_is_written_by_who_holds_the_lease_alone() => Transcript.CompareAsync(async both =>
    {
        await both.ReadAsync(3, false, Command("acquire_lease").With(0).With(Me).With(TimeSpan.FromHours(1)));
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(Command("raise_head").With(0).With((Instant?)Ahead));
        await WriteStepAsync(both, epoch: 7, step: 1);
        await WriteStepAsync(both, epoch: 1, step: 2);
        await WriteStepAsync(both, epoch: 1, step: 3);
        var (tenants, customers) = (new[] { 1, 1, 2 }, new[] { Bob, Ann, Ann });
        await both.ReadAsync(100, true, ProjectionSql.InBatch("read_states").With(0).With(tenants).With(customers));
        await both.ReadAsync(ProjectionSql.InBatch("read_sleepers").With(0).With(1).With(Guid.Empty).With(6L).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_states_after").With(0).With(1).With(Ann).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_every_state_after").With(0).With(1).With(Guid.Empty).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_every_state_after").With(0).With(1).With(Guid.Empty).With(1));
        await both.ReadAsync(LockHead(0), AppendInputs(0, [Input(Ann, "in")], both.Database.Options));
        foreach (var id in (string[])["in", "out"])
            await both.ReadAsync(ProjectionSql.InBatch("require_event").With(0).With(5L).With(Ahead).With(StableHash.Of(id)));
        await both.ReadAsync(ProjectionSql.InBatch("read_next_due").With(0));
        await both.ReadAsync(ProjectionSql.InBatch("read_due_by_wall").With(0).With(Ahead).With(Instants.Beginning).With(0).With(Guid.Empty).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_due_by_wall").With(0).With(Ahead).With(Ahead).With(1).With(Ann).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_due_by_wall").With(0).With(Ahead + Duration.FromDays(9)).With(Ahead - Duration.FromDays(9)).With(1).With(Bob).With(1));
        await both.ReadAsync(ProjectionSql.InBatch("read_due_by_test_clock").With(0).With(1).With(Ahead + Duration.FromDays(3)).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_spans").With(0).With(1).With(Ann));
        await both.ReadAsync(ProjectionSql.InBatch("read_set_aside").With(0));
        await both.WriteAsync(Guarded("drop_due", 1).With(tenants).With(customers));
        await both.WriteAsync(Guarded("take_back", 1).With(tenants).With(customers));
        await both.ReadAsync(ProjectionSql.InBatch("read_next_due").With(0));
        await both.ReadAsync(ProjectionSql.InBatch("read_set_aside").With(0));
        await both.ReadAsync(100, false, Command("read_events").With(0).With(0L).With(10));
        await both.ReadAsync(ProjectionSql.InBatch("read_events_of").With(0).With(tenants).With(customers));
    });

    [Fact]
    public Task A_delivery_is_claimed_by_one_and_ends_once() => Transcript.CompareAsync(DeliveryScenes.PlayAsync);

    [Fact]
    public Task Who_is_known_by_a_user_id_and_not_erased_is_counted() => Transcript.CompareAsync(CountScenes.WhoIsCountedAsync);

    [Fact]
    public Task The_first_count_of_a_shard_is_kept_for_two_days() => Transcript.CompareAsync(CountScenes.WhatIsStoredAsync);

    [Fact]
    public Task What_is_said_of_all_customers_is_found_by_place_and_by_time() => Transcript.CompareAsync(CountScenes.WhatIsSaidAsync);

    private static async Task WriteStepAsync(Transcript both, long epoch, int step)
    {
        var (tenants, customers) = (new[] { 1, 1 }, new[] { Ann, Bob });
        await both.WriteAsync(Guarded("store_states", epoch).With(tenants).With(customers).With(new[] { 5L, 9L }).With(new byte[][] { [1], [2] }));
        await both.WriteAsync(Guarded("store_due", epoch).With(tenants).With(customers).With(new[] { Then, Then.AddDays(2) }).With(new[] { true, false }));
        await both.WriteAsync(Guarded("close_spans", epoch).With(tenants).With(customers).With(new[] { "life", "life" }).With(new[] { Then, Then }));
        await both.WriteAsync(Guarded("open_spans", epoch).With(new[] { 1, 1 }).With(new[] { Ann, Ann }).With(new[] { "life", "life" }).With(new[] { 0, 1 })
            .With(new[] { "new", "old" }).With(new[] { Then, Then.AddDays(1) }).With(new DateTime?[] { Then.AddDays(1), null }).With(new[] { 1, 1 })
            .With(new[] { Me, Other }));
        await both.WriteAsync(Guarded("set_aside", epoch).With(new[] { 1 }).With(new[] { Bob }).With(new[] { 4L }).With(new[] { "why" }));
        await both.ReadAsync(LockHead(0), AppendFacts(new Lease(0, Me, epoch, 0, 0, Ahead), [Fact(Ann, step, 0), Fact(Bob, step, 1)]));
    }

    private static NewFact Fact(Guid customer, int step, int ordinal) => new(1, new CustomerKey(customer), new RecordId(StableHash.Of("fact", $"{step} {ordinal}")), Ahead,
        "journey_ended", 1, new RecordId(StableHash.Of($"{step}")), ordinal, "{}"u8.ToArray());

    private static Npgsql.NpgsqlBatchCommand Guarded(string name, long epoch) => ProjectionSql.InBatch(name).With(0).With(epoch).With(Me);

    private static Task AppendAsync(Transcript both, params NewInput[] inputs) =>
        both.ReadAsync(LockHead(0), AppendInputs(0, inputs, both.Database.Options));

    private static Task AppendNewAsync(Transcript both, params NewInput[] inputs) =>
        both.ReadAsync(LockHead(0), AppendNewInputs(0, inputs, both.Database.Options));

    private static NewInput Input(Guid customer, string id, string content = "{}", Instant? at = null, bool imported = false) => new(
        new CustomerRef(1, 0, new CustomerKey(customer), "somebody"), new RecordId(StableHash.Of(id)), StableHash.Of(content), "tp:order_completed", 1,
        "{}"u8.ToArray(), null, at ?? Ahead + Duration.FromDays(1), imported, 0, false);
}
