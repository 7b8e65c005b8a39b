using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Cli.Import;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.Ingestion.Tests.Answers;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Lifecycle.Cli.Tests.Import;

public sealed class ImportRunTests
{
    /// <summary>The first rows of CDNOW's master file, and one twice.</summary>
    private const string Cdnow = " customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n"
        + " 00002 19970112  5   77.00\r\n 00002 19970112  5   77.00\r\n 00003 19970102  2   20.76\r\n";

    [Fact]
    public async Task A_file_is_imported_once_however_often_it_is_sent()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile(Cdnow, ".txt");
        var first = await ImportAsync(server, [new(file.Name, Maps.Sample("shop/maps/cdnow"))]);
        var again = await ImportAsync(server, [new(file.Name, Maps.Sample("shop/maps/cdnow"))]);
        Assert.Equal((5, 5, 0, 0, 0), (first.Read, first.Appended, first.Duplicates, first.Rejected, first.ExitCode));
        Assert.Equal((5, 0, 5, 0, 0), (again.Read, again.Appended, again.Duplicates, again.Rejected, again.ExitCode));
        var rows = await server.Fixture.InputsAsync();
        Assert.Equal(198.53m, rows.Sum(row => (decimal)JsonNode.Parse(row.Open.Span)!["properties"]!["revenue"]!));
        Assert.All(rows, row => Assert.True(row.Imported));
    }

    [Fact]
    public async Task A_row_of_CDNOW_is_an_order_at_midnight_in_New_York()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile(Cdnow, ".txt");
        await ImportAsync(server, [new(file.Name, Maps.Sample("shop/maps/cdnow"))]);
        var row = (await server.Fixture.InputsAsync()).Single(row => row.OccurredAt == Instant.FromUtc(1997, 1, 1, 5, 0));
        Assert.Equal(new Touchpoint("order_completed", Properties.Parse("""{"revenue":11.77,"currency":"USD","items":1}""")), EventCodec.ToRecorded(row).Input);
        Assert.Equal("cdnow-00001", await server.Fixture.Log.Customers.FindIdAsync(row.Tenant, row.Shard, row.Customer!.Value));
    }

    [Fact]
    public async Task Rows_of_several_files_reach_each_customer_in_one_order_of_time()
    {
        await using var server = await IntakeServer.StartAsync();
        using var sessions = new TemporaryFile("""
            player_id,session_id,session_start,session_duration
            ann,s2,2015-01-02T10:00:00,12.5
            bob,s3,2015-01-01T09:00:00,1
            ann,s1,2015-01-01T10:00:00,3
            """);
        using var revenue = new TemporaryFile("""
            player_id,session_id,time,item_type,item_name,item_revenue
            ann,s1,2015-01-01T10:01:00,iap,gold,13.992999999999999
            ann,s2,2015-01-02T10:01:00,ad,ad_5sec,0.06
            ann,s1,2015-01-01T10:01:00,gift,gold,0
            """);
        var result = await ImportAsync(server, [new(sessions.Name, Maps.Sample("tianxia/maps/intendo-sessions")), new(revenue.Name, Maps.Sample("tianxia/maps/intendo-revenue"))]);
        Assert.Equal(6, result.Appended);
        var ann = (await server.Fixture.InputsAsync()).Where(row => row.Customer == server.Fixture.Log.Customer("ann").Key).ToList();
        Assert.Equal(["session_start", "order_completed", "gift", "session_start", "ad_watched"], ann.Select(row => row.Name));
        Assert.All(ann, row => Assert.Equal(row.OccurredAt, row.Clock));
        Assert.Equal("13.992999999999999", JsonNode.Parse(ann[1].Open.Span)!["properties"]!["revenue"]!.ToJsonString());
    }

    [Theory]
    [InlineData(ImportOrder.Customer, "a1 a2 a3 b1 b2")]
    [InlineData(ImportOrder.File, "a3 b2 a1 b1 a2")]
    [InlineData(ImportOrder.Time, "a1 b1 a2 b2 a3")]
    public async Task The_order_is_what_was_asked_for(ImportOrder order, string expected)
    {
        var sent = new List<string>();
        await using var server = await IntakeServer.StartAsync(async (context, next) => await NoteIdsAsync(context, sent, next));
        using var file = new TemporaryFile("c,t,i\na,2020-01-05,a3\nb,2020-01-04,b2\na,2020-01-01,a1\nb,2020-01-02,b1\na,2020-01-03,a2\n");
        await ImportAsync(server, [new(file.Name, Maps.Of("event: e\ncustomer: '{c}'\ntime: t\nid: '{i}'"))], options => options with { Order = order, BatchMax = 2, Lanes = 1 });
        Assert.Equal(expected, string.Join(' ', sent));
    }

    [Fact]
    public async Task Never_are_two_requests_of_one_customer_under_way()
    {
        var underWay = new List<string>();
        int twice = 0, most = 0;
        await using var server = await IntakeServer.StartAsync(async (context, next) =>
        {
            var customers = (await IdsAsync(context)).Select(id => id.Split('-')[0]).Distinct().ToList();
            lock (underWay)
            {
                twice += customers.Intersect(underWay).Count();
                underWay.AddRange(customers);
                most = Math.Max(most, underWay.Count - customers.Count);
            }
            await next();
            lock (underWay) customers.ForEach(customer => underWay.Remove(customer));
        });
        var rows = Enumerable.Range(0, 600).Select(n => $"c{n % 21},2020-01-01,c{n % 21}-{n}");
        using var file = new TemporaryFile("c,t,i\n" + string.Join('\n', rows));
        var map = Maps.Of("event: e\ncustomer: '{c}'\ntime: t\nid: '{i}'");
        var result = await ImportAsync(server, [new(file.Name, map)], options => options with { BatchMax = 7 });
        Assert.Equal((600, 600), (result.Read, result.Appended));
        Assert.Equal(0, twice);
        Assert.True(most > 0, "There was never more than one request under way.");
    }

    [Fact]
    public async Task Bad_rows_are_listed_and_the_rest_goes_in()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile("c,t,v\na,2020-01-01,1\n,2020-01-01,1\na,soon,1\na,2020-01-01,many\na,2020-01-01\na,2020-01-02,0\na,2020-01-03,\n");
        var map = Maps.Of("event: e\ncustomer: '{c}'\ntime: t\nwhere: t != 2020-01-02\nproperties:\n  v: { column: v, type: number }");
        var result = await ImportAsync(server, [new(file.Name, map)]);
        Assert.Equal((7, 2, 4, 1, 3), (result.Read, result.Appended, result.Rejected, result.Skipped, result.ExitCode));
        Assert.Equal([(3, "c"), (4, "t"), (5, "v"), (6, null)], result.BadRows.Select(row => (row.Line, row.Column)));
        Assert.Equal($"{file.Name}:5: v: \"many\" is not a number.", result.BadRows[2].ToString());
    }

    private static readonly byte[] Latin1 = Encoding.Latin1.GetBytes("who,at,amount\nM\u00FCller,2020-01-03 10:00:00,1\nM\u00E4ller,2020-01-03 11:00:00,2\n");

    [Fact]
    public async Task Letters_of_latin1_are_read_where_the_map_says_so_and_refused_by_line_where_not()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile(Latin1);
        const string Map = "event: e\ncustomer: '{who}'\ntime: at\nproperties: { amount: { column: amount, type: number } }";
        var refused = await ImportAsync(server, [new(file.Name, Maps.Of(Map))]);
        Assert.Equal((2, 0, 2, 3), (refused.Read, refused.Appended, refused.Rejected, refused.ExitCode));
        Assert.Equal($"{file.Name}:2: It has bytes that are not UTF-8. If the file is in ISO 8859-1, write 'encoding: latin1' into its map.", refused.BadRows[0].ToString());
        Assert.Equal([2, 3], refused.BadRows.Select(row => row.Line));
        var read = await ImportAsync(server, [new(file.Name, Maps.Of("encoding: latin1\n" + Map))]);
        Assert.Equal((2, 0), (read.Appended, read.Rejected));
        var rows = await server.Fixture.InputsAsync();
        Assert.Equal(["Mäller", "Müller"], (await Task.WhenAll(rows.Select(row => server.Fixture.Log.Customers.FindIdAsync(row.Tenant, row.Shard, row.Customer!.Value))))
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Names_of_columns_and_rows_of_JSON_must_be_UTF_8_as_well()
    {
        await using var server = await IntakeServer.StartAsync();
        using var header = new TemporaryFile(Encoding.Latin1.GetBytes("gr\u00F6\u00DFe,at\n1,2020-01-03\n"));
        var failure = await Assert.ThrowsAsync<ImportFailedException>(() => ImportAsync(server, [new(header.Name, Maps.Of("event: e\ncustomer: '{at}'\ntime: at"))]));
        Assert.StartsWith($"{header.Name}:1: It has bytes that are not UTF-8.", failure.Message, StringComparison.Ordinal);
        using var objects = new TemporaryFile(Encoding.Latin1.GetBytes("{\"who\":\"M\u00FCller\",\"at\":\"2020-01-03\"}\n{\"who\":\"Ann\",\"at\":\"2020-01-03\"}\n"), ".ndjson");
        var result = await ImportAsync(server, [new(objects.Name, Maps.Of("format: ndjson\nevent: e\ncustomer: '{who}'\ntime: at"))]);
        Assert.Equal((1, 1, 1), (result.Appended, result.Rejected, result.BadRows[0].Line));
    }

    [Fact]
    public async Task A_time_that_has_not_come_and_a_number_beyond_what_is_counted_are_bad_rows()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile("c,t,v\na,2999-01-01,1\na,2020-01-01,10000000000000000000\na,2020-01-01T24:00:00,9999999999999999999\n");
        var result = await ImportAsync(server, [new(file.Name, Maps.Of("event: e\ncustomer: '{c}'\ntime: t\nproperties: { v: { column: v, type: number } }"))]);
        Assert.Equal([(2, "t", "\"2999-01-01\" has not come yet."), (3, "v", "\"10000000000000000000\" is not a number.")],
            result.BadRows.Select(row => (row.Line, row.Column!, row.Reason)));
        Assert.Equal("2020-01-02T00:00:00.000Z", Assert.Single(await server.Fixture.InputsAsync()).OccurredAt.ToIso());
    }

    [Theory]
    [InlineData("time: t", "2020-01-01", "2019-12-31T16:00:00.000Z")]
    [InlineData("time: t", "2020-01-01T00:30:00", "2020-01-01T00:30:00.000Z")]
    [InlineData("time: { column: t, format: dd.MM.yyyy }", "01.01.2020", "2019-12-31T16:00:00.000Z")]
    [InlineData("time: { column: t, format: 'dd.MM.yyyy HH:mm' }", "01.01.2020 00:00", "2020-01-01T00:00:00.000Z")]
    [InlineData("time: { column: t, zone: America/New_York }", "2020-01-01", "2020-01-01T05:00:00.000Z")]
    public async Task A_date_alone_begins_in_the_definitions_zone_unless_the_map_names_one(string time, string written, string occurredAt)
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile($"c,t\na,{written}\n");
        await ImportAsync(server, [new(file.Name, Maps.Of($"event: e\ncustomer: '{{c}}'\n{time}"))]);
        Assert.Equal(occurredAt, Assert.Single(await server.Fixture.InputsAsync()).OccurredAt.ToIso());
    }

    [Fact]
    public async Task Before_anything_is_sent_it_is_said_how_many_customers_are_in_the_present()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile("c,t\n" + string.Join('\n', Enumerable.Range(0, 1200).Select(n => $"c{n},2020-01-01")));
        var told = new List<ImportProgress>();
        var options = new ImportOptions(server.Url, IntakeFixture.WriteKey, [new(file.Name, Maps.Of("event: e\ncustomer: '{c}'\ntime: t"))]) { KeepOpen = true };
        var result = await new ImportRun(server.Http, TimeProvider.System).RunAsync(options, progress =>
        {
            lock (told) told.Add(progress);
        });
        // The server of this test says so of all but one in each question.
        Assert.Equal((1197, 1200), (result.InThePresent, result.Appended));
        var notice = told.FindIndex(progress => progress.Notice is not null);
        Assert.Equal("1,197 of 1,200 customers are already in the present: metrics will be right, their past stages will not be retold.", told[notice].Notice);
        Assert.DoesNotContain(told.Take(notice), progress => progress.Phase == "sending");
        Assert.NotEqual(0, await server.Fixture.Log.Server.ScalarAsync<long>("select count(*) from history where open"));
    }

    [Fact]
    public async Task A_row_that_the_server_refuses_is_listed_with_its_line()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile($"c,t,i,v\na,2020-01-01,m,1\na,2020-01-02,m,2\n{new string('x', 600)},2020-01-01,n,1\n");
        var result = await ImportAsync(server, [new(file.Name, Maps.Of("event: e\ncustomer: '{c}'\ntime: t\nid: '{i}'\nproperties: { v: v }"))]);
        Assert.Equal((1, 2, 3), (result.Appended, result.Rejected, result.ExitCode));
        Assert.Equal([3, 4], result.BadRows.Select(row => row.Line));
    }

    [Fact]
    public async Task Cut_lines_overload_and_requests_too_large_delay_an_import_and_lose_nothing()
    {
        var requests = 0;
        await using var server = await IntakeServer.StartAsync(async (context, next) =>
        {
            var number = context.Request.Path == "/v1/import" ? Interlocked.Increment(ref requests) : 0;
            if (number is 1 or 5) context.Abort();
            else if (number == 2) (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "0");
            else if (number == 3) context.Response.StatusCode = 413;
            else await next();
            // Stored, but the sender does not hear of it.
            if (number == 7) context.Abort();
        });
        using var file = new TemporaryFile("c,t\n" + string.Join('\n', Enumerable.Range(0, 40).Select(n => $"c{n},2020-01-01")));
        var result = await ImportAsync(server, [new(file.Name, Maps.Of("event: e\ncustomer: '{c}'\ntime: t"))], options => options with { BatchMax = 10, Lanes = 1 });
        Assert.Equal((40, 40, 0), (result.Read, result.Appended + result.Duplicates, result.Rejected));
        Assert.Equal(40, (await server.Fixture.InputsAsync()).Count);
        Assert.True(requests > 8);
    }

    [Fact]
    public async Task A_server_that_refuses_the_key_ends_the_import()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile(Cdnow, ".txt");
        var failure = await Assert.ThrowsAsync<ImportFailedException>(() =>
            ImportAsync(server, [new(file.Name, Maps.Sample("shop/maps/cdnow"))], options => options with { Key = "unknown" }));
        Assert.Contains("401", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_rows_is_imported_too()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile("c,t\n");
        var result = await ImportAsync(server, [new(file.Name, Maps.Of("event: e\ncustomer: '{c}'\ntime: t"))]);
        Assert.Equal((0, 0, 0), (result.Read, result.Appended, result.ExitCode));
    }

    [Fact]
    public async Task The_history_is_closed_at_the_end()
    {
        await using var server = await IntakeServer.StartAsync();
        using var file = new TemporaryFile(Cdnow, ".txt");
        await ImportAsync(server, [new(file.Name, Maps.Sample("shop/maps/cdnow"))]);
        Assert.Equal(0, await server.Fixture.Log.Server.ScalarAsync<long>("select count(*) from history where open"));
        Assert.NotEqual(0, await server.Fixture.Log.Server.ScalarAsync<long>("select count(*) from history"));
    }

    private static async Task<ImportResult> ImportAsync(IntakeServer server, ImportSource[] sources, Func<ImportOptions, ImportOptions>? change = null)
    {
        var options = new ImportOptions(server.Url, IntakeFixture.WriteKey, sources);
        return await new ImportRun(server.Http, TimeProvider.System).RunAsync(change is null ? options : change(options));
    }

    private static async Task NoteIdsAsync(HttpContext context, List<string> sent, Func<Task> next)
    {
        sent.AddRange(await IdsAsync(context));
        await next();
    }

    private static async Task<List<string>> IdsAsync(HttpContext context)
    {
        if (context.Request.Path != "/v1/import") return [];
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        body.Position = 0;
        context.Request.Body = body;
        return [.. JsonNode.Parse(Encoding.UTF8.GetString(body.ToArray()))!["batch"]!.AsArray().Select(message => (string)message!["messageId"]!)];
    }
}
