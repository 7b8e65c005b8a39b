using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion.Keys;

namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class IntakeTests
{
    private const string Good = """{"type":"track","event":"Order Completed","userId":"ann","messageId":"m-1","properties":{"revenue":25.5}}""";

    [Theory]
    [InlineData("{\"batch\":[]}", 200, "stored")]
    [InlineData("", 400, "not_json")]
    [InlineData("{", 400, "not_json")]
    [InlineData("{} x", 400, "not_json")]
    [InlineData("[]", 400, "not_json")]
    [InlineData("7", 400, "not_json")]
    [InlineData("{}", 400, "not_json")]
    [InlineData("{\"batch\":{}}", 400, "not_json")]
    [InlineData("{\"batch\":[{}],\"batch\":null}", 400, "not_json")]
    [InlineData("{\"batch\":[1,{},\"x\",[],null,{\"type\":\"track\"}]}", 200, "stored")]
    public async Task A_body_is_answered_by_what_it_is(string body, int status, string code)
    {
        await using var fixture = await IntakeFixture.StartAsync();
        var answer = await fixture.SendAsync(body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Empty(await fixture.InputsAsync());
    }

    [Fact]
    public async Task Bodies_in_no_known_encoding_too_large_or_corrupt_are_refused_as_such()
    {
        await using var fixture = await IntakeFixture.StartAsync(new IntakeLimits { BodySizeMax = 2048, EventsMax = 3 });
        Assert.Equal(415, (await fixture.SendAsync("{}"u8.ToArray(), "zstd")).Status);
        Assert.Equal(400, (await fixture.SendAsync("{}"u8.ToArray(), "gzip")).Status);
        Assert.Equal(413, (await fixture.SendAsync(new byte[2049], null)).Status);
        Assert.Equal(413, (await fixture.SendAsync("""{"batch":[{},{},{},{}]}""")).Status);
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionMode.Compress)) gzip.Write(new byte[1_000_000]);
        Assert.Equal(413, (await fixture.SendAsync(bomb.ToArray(), "gzip")).Status);
        var whole = new MemoryStream();
        using (var gzip = new GZipStream(whole, CompressionMode.Compress)) gzip.Write(Encoding.UTF8.GetBytes($$"""{"batch":[{{Good}}]}"""));
        Assert.Equal(400, (await fixture.SendAsync(whole.ToArray()[..^20], "gzip")).Status);
        Assert.Equal(200, (await fixture.SendAsync(whole.ToArray(), "gzip")).Status);
    }

    [Fact]
    public async Task A_bad_event_does_not_cost_its_batch()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        var answer = await fixture.SendAsync($$"""{"batch":[{"type":"track","userId":"u","messageId":"bad-1"},{{Good}},5]}""");
        Assert.Equal((200, 1, 0), (answer.Status, answer.Appended, answer.Duplicates));
        Assert.Equal([(0, "bad-1", "event_missing"), (2, null, "not_an_object")], answer.Rejected.Select(entry => (entry.Index, entry.MessageId, entry.Code)));
        Assert.Equal("order_completed", Assert.Single(await fixture.InputsAsync()).Name);
        Assert.Equal((1, 1), (await fixture.QuarantinedAsync("event_missing"), await fixture.QuarantinedAsync("not_an_object")));
    }

    [Fact]
    public async Task A_duplicate_changes_nothing_and_is_a_success()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        var first = await fixture.SendAsync($$"""{"batch":[{{Good}}],"sentAt":"2026-01-01T00:00:00Z"}""");
        var again = await fixture.SendAsync($$"""{"batch":[{{Good}},{{Good}}],"sentAt":"2026-01-02T00:00:00Z"}""");
        Assert.Equal((1, 0), (first.Appended, first.Duplicates));
        Assert.Equal((200, 0, 2), (again.Status, again.Appended, again.Duplicates));
        Assert.Empty(again.Rejected);
        Assert.Equal(SeenToken.Read(fixture.Log.Tenant, first.Seen)!.Positions, SeenToken.Read(fixture.Log.Tenant, again.Seen)!.Positions);
        Assert.Single(await fixture.InputsAsync());
    }

    [Fact]
    public async Task Of_two_different_events_with_one_id_the_first_is_kept()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        await fixture.SendAsync($$"""{"batch":[{{Good}}]}""");
        var other = Good.Replace("25.5", "99", StringComparison.Ordinal);
        var answer = await fixture.SendAsync($$"""{"batch":[{{other}}]}""");
        Assert.Equal((200, 0, 0), (answer.Status, answer.Appended, answer.Duplicates));
        Assert.Equal((0, "m-1", "conflict"), answer.Rejected.Select(entry => (entry.Index, entry.MessageId, entry.Code)).Single());
        Assert.Contains("25.5", Encoding.UTF8.GetString(Assert.Single(await fixture.InputsAsync()).Open.Span), StringComparison.Ordinal);
        Assert.Equal(1, await fixture.QuarantinedAsync("conflict"));
    }

    [Fact]
    public async Task What_is_personal_can_be_read_with_the_customers_key_alone()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        await fixture.SendAsync("""{"userId":"ann","traits":{"plan":"pro","email":"ann@x.test"}}""", "identify");
        var row = Assert.Single(await fixture.InputsAsync());
        Assert.DoesNotContain("ann", Encoding.UTF8.GetString(row.Open.Span), StringComparison.Ordinal);
        Assert.Equal("""{"plan":"pro"}""", ((ProfileChanged)EventCodec.ToRecorded(row).Input).Traits.ToString());
        var key = await fixture.Log.Customers.FindKeyAsync(row.Tenant, row.Shard, row.Customer!.Value);
        var personal = JsonNode.Parse(PersonalCipher.Decrypt(key, row.Id, row.Sealed!.Value.Span))!;
        Assert.Equal("ann@x.test", (string?)personal["traits"]!["email"]);
    }

    [Fact]
    public async Task The_log_reads_back_what_every_type_of_message_says()
    {
        await using var fixture = await IntakeFixture.StartAsync(options: new LogOptions { Shards = 1 });
        await fixture.SendAsync("""
            {"batch":[{"type":"track","event":"Level Up","userId":"u","properties":{"level":3}},{"type":"group","userId":"u","groupId":"g","traits":{"size":3}},
            {"type":"alias","userId":"u","previousId":"p"},{"type":"mystery","userId":"u","properties":{"a":1}}]}
            """);
        Assert.Equal(
        [
            new Touchpoint("level_up", Properties.Parse("""{"level":3}""")),
            new GroupJoined("g", Properties.Parse("""{"size":3}""")),
            new IdentityLinked("p"),
            new MessageReceived("mystery", Properties.Parse("""{"a":1}""")),
        ], (await fixture.InputsAsync()).Select(row => EventCodec.ToRecorded(row).Input));
    }

    [Fact]
    public async Task The_key_is_the_first_of_header_body_and_bearer()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        const string InBody = $$"""{"batch":[],"writeKey":"{{IntakeFixture.WriteKey}}"}""";
        Assert.Equal(200, (await fixture.SendAsync(InBody, key: null)).Status);
        Assert.Equal(401, (await fixture.SendAsync(InBody, key: "unknown")).Status);
        Assert.Equal(200, (await fixture.SendAsync(InBody, key: null, bearer: "unknown")).Status);
        Assert.Equal(200, (await fixture.SendAsync("{\"batch\":[]}", key: null, bearer: IntakeFixture.WriteKey)).Status);
        Assert.Equal(401, (await fixture.SendAsync("{\"batch\":[],\"writeKey\":\"\"}", key: null)).Status);
        Assert.Equal(401, (await fixture.SendAsync("{\"batch\":[],\"writeKey\":\"unknown\"}", key: null, bearer: IntakeFixture.WriteKey)).Status);
    }

    [Fact]
    public async Task A_key_is_made_once_and_only_its_hash_is_kept()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        var key = await fixture.Keys.CreateAsync(fixture.Log.Tenant, KeyKind.Admin, Lifecycle.Ingestion.Protocols.Segment.ClockMode.Client);
        Assert.StartsWith("lc_admin_", key, StringComparison.Ordinal);
        var found = await fixture.Keys.VerifyAsync(key);
        Assert.Equal((fixture.Log.Tenant.Id, KeyKind.Admin, Lifecycle.Ingestion.Protocols.Segment.ClockMode.Client), (found!.Tenant.Id, found.Kind, found.Clock));
        Assert.Null(await fixture.Keys.VerifyAsync(key + "x"));
        Assert.Equal(0, await fixture.Log.Server.ScalarAsync<long>("select count(*) from api_key where position('lc_'::bytea in hash) > 0"));
    }

    [Fact]
    public async Task When_the_table_of_keys_does_not_answer_nobody_hears_401()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        await fixture.Log.Server.ExecuteAsync("alter table api_key rename to gone");
        var answer = await fixture.SendAsync("{\"batch\":[]}", key: "unknown");
        Assert.Equal((503, true), (answer.Status, answer.RetryAfterSeconds is >= 1 and <= 300));
    }

    [Fact]
    public async Task An_imported_event_opens_the_history_and_happens_when_it_says()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        await fixture.SendAsync("""{"batch":[{"type":"track","event":"E","userId":"u","timestamp":"1997-01-01T05:00:00Z"}]}""", historical: true);
        var row = Assert.Single(await fixture.InputsAsync());
        Assert.Equal((true, "1997-01-01T05:00:00.000Z", "1997-01-01T05:00:00.000Z"), (row.Imported, row.Clock.ToIso(), row.OccurredAt.ToIso()));
        var closed = await fixture.Intake.CloseHistoryAsync(fixture.Log.Tenant);
        Assert.Contains(row.Shard, closed.Positions.Keys);
        Assert.Contains("history_closed", (await fixture.Log.Log.ReadShardInputsAsync(row.Shard, 0)).Select(input => input.Name));
    }

    [Fact]
    public async Task An_event_from_the_future_or_without_a_time_happens_at_receipt()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        await fixture.SendAsync("""
            {"batch":[{"type":"track","event":"A","userId":"u","timestamp":"2999-01-01T00:00:00Z"},{"type":"track","event":"B","userId":"u","timestamp":"?"}]}
            """);
        Assert.All(await fixture.InputsAsync(), row => Assert.Equal(row.RecordedAt, row.OccurredAt));
    }

    [Fact]
    public async Task Whoever_comes_too_often_is_asked_to_come_again()
    {
        await using var busy = await IntakeFixture.StartAsync(new IntakeLimits { RequestsMax = 1 });
        await using var greedy = await IntakeFixture.StartAsync(new IntakeLimits { RequestsPerTenantMax = 1 });
        Assert.Contains(503, await StatusesOfManyAtOnceAsync(busy));
        Assert.Contains(429, await StatusesOfManyAtOnceAsync(greedy));
        Assert.Equal(200, (await busy.SendAsync("{\"batch\":[]}")).Status);
        Assert.Equal(200, (await greedy.SendAsync("{\"batch\":[]}")).Status);
    }

    [Fact]
    public async Task No_bytes_whatever_cause_anything_but_200_or_400()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        var sometimesJson = Gen.OneOf(
            ArbMap.Default.GeneratorFor<byte[]>(),
            from bodies in JsonText.Values.ListOf() select Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', bodies)}}]}"""),
            from message in JsonText.Messages.ListOf() select Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', message)}}]}"""));
        Prop.ForAll(sometimesJson.ToArbitrary(), body => fixture.SendAsync(body, null).GetAwaiter().GetResult().Status is 200 or 400)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
        Assert.NotEmpty(await fixture.InputsAsync());
    }

    private static async Task<IEnumerable<int>> StatusesOfManyAtOnceAsync(IntakeFixture fixture)
    {
        var batch = $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 200).Select(n => $$"""{"type":"track","event":"E","userId":"u{{n}}"}"""))}}]}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => fixture.SendAsync(batch))));
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal(2, answer.RetryAfterSeconds));
        return answers.Select(answer => answer.Status);
    }

    [Fact]
    public async Task What_is_refused_is_kept_sealed_for_a_month()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        var answer = await fixture.SendAsync("""{"batch":[{"type":"track","userId":"u","properties":{"n":"odd"}},{"type":"track","event":"E","userId":"u","properties":{"password":"hunter2"}}]}""");
        Assert.Equal(["event_missing", "password_refused"], answer.Rejected.Select(rejection => rejection.Code));
        Assert.Equal(0, await fixture.Log.Server.ScalarAsync<long>("select count(*) from quarantine where position('odd'::bytea in content) > 0"));
        var (id, content) = (await fixture.Log.Server.ScalarAsync<Guid>("select id from quarantine where code = 'event_missing'"),
            await fixture.Log.Server.ScalarAsync<byte[]>("select content from quarantine where code = 'event_missing'"));
        Assert.Contains("odd", Encoding.UTF8.GetString(QuarantineStore.Open(fixture.Log.Tenant, id, content)!), StringComparison.Ordinal);
        Assert.Null(QuarantineStore.Open(await fixture.Log.Tenants.EnsureAsync("other", test: false), id, content));

        var quarantine = new QuarantineStore(fixture.Log.Database, fixture.Log.Customers);
        await quarantine.ForgetOldAsync(TimeProvider.System);
        Assert.Equal(1, await fixture.QuarantinedAsync("event_missing"));
        await fixture.Log.Server.ExecuteAsync("update quarantine set received_at = now() - interval '31 days' where code = 'event_missing'");
        await quarantine.ForgetOldAsync(TimeProvider.System);
        Assert.Equal((0, 1), (await fixture.QuarantinedAsync("event_missing"), await fixture.QuarantinedAsync("password_refused")));
    }

    [Fact]
    public async Task Who_is_erased_is_refused_by_a_process_that_remembers_their_key_and_kept_nowhere()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        const string Body = """{"batch":[{"type":"identify","userId":"ann","traits":{"email":"a@x.test"}},{"type":"track","event":"E","userId":"bob"}]}""";
        Assert.Equal(2, (await fixture.SendAsync(Body)).Appended);
        // Another process erases; this one still has the key in its memory.
        await using (var other = await fixture.Log.Server.OpenLogAsync(new LogOptions { Shards = 2 }))
            await new TouchpointLog(other).EraseAsync(fixture.Log.Tenant, fixture.Log.Customer("ann"));
        var answer = await fixture.SendAsync(Body);
        Assert.Equal((200, 1), (answer.Status, answer.Appended));
        Assert.Equal((0, "erased"), (Assert.Single(answer.Rejected).Index, answer.Rejected[0].Code));
        Assert.Equal(0, await fixture.Log.Server.ScalarAsync<long>("select count(*) from quarantine"));
        Assert.Equal(1, await fixture.Log.Server.ScalarAsync<long>("select count(*) from event where name = 'profile_changed'"));
    }
}
