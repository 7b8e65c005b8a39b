using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.EventLog.Tests;

/// <summary>What is handed over in memory is what the log holds, or nothing.</summary>
public sealed class TailTests
{
    private static readonly LogOptions OneShard = new() { Shards = 1 };

    [Fact]
    public async Task What_is_handed_over_is_what_the_log_holds()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var tail = log.Log.Follow(0);
        await log.AppendAsync(log.Touchpoint("ann", "signed_up", Instants.Beginning));
        await log.AppendAsync(log.Touchpoint("ann", "session_start", Instant.FromUtc(2020, 1, 1, 0, 0) + Duration.FromTicks(12_345_678)));
        await log.Did("bob", "signed_up", id: "a").Did("ann", "order_completed", properties: """{"revenue":1.5}""", id: "b").Did("bob", "signed_up", id: "a").SendAsync();
        await log.Did("bob", "signed_up", id: "a").SendAsync();
        await log.AppendAsync(log.Touchpoint("bob", "level_up") with { Sealed = [1, 2, 3], Hops = 2 });

        var page = tail.After(0, 100);
        Assert.Equal((5L, true), (page.UpTo, page.IsHandedOver));
        Assert.Equal((await log.Log.ReadAsync(0, 0, 100)).Select(Told), page.Rows.Select(Told));
        Assert.Equal(5, tail.After(5, 100).UpTo);
    }

    [Fact]
    public async Task What_is_imported_or_of_a_test_tenant_is_read_from_the_database()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var tail = log.Log.Follow(0);
        await log.Did("ann", "signed_up").Once("bob", "signed_up", Instant.FromUtc(1997, 1, 1, 0, 0)).SendAsync();
        Assert.Equal(1, tail.After(1, 100).UpTo); // Behind the opening of history.

        await using var other = await TestLog.StartAsync(OneShard, test: true);
        tail = other.Log.Follow(0);
        await other.Did("ann", "signed_up").SendAsync();
        Assert.Equal(0, tail.After(0, 100).UpTo);
    }

    [Fact]
    public async Task It_ends_where_another_process_wrote_and_goes_on_behind()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var tail = log.Log.Follow(0);
        await log.Did("ann", "signed_up").SendAsync();
        await new TouchpointLog(log.Database).AppendAsync([log.Touchpoint("ann", "session_start")]);
        await log.Did("ann", "level_up").Did("ann", "session_start").SendAsync();

        Assert.Equal(1, tail.After(0, 100).UpTo);
        Assert.Equal(1, tail.After(1, 100).UpTo);
        Assert.Equal("3 4 up to 4", Told(tail.After(2, 100)));
    }

    [Fact]
    public async Task Facts_are_passed_over_and_a_page_ends_at_its_limit()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var tail = log.Log.Follow(0);
        await log.Did("ann", "a").Did("ann", "b").Did("ann", "c").SendAsync();
        tail.AddFacts(2, last: 5);

        Assert.Equal("1 2 up to 2", Told(tail.After(0, 2)));
        Assert.Equal("2 up to 2", Told(tail.After(1, 1)));
        Assert.Equal("3 up to 5", Told(tail.After(2, 100)));
        Assert.Equal(" up to 2", Told(tail.After(2, 100)));
        Assert.Equal(5, tail.After(5, 100).UpTo);
    }

    [Fact]
    public async Task What_finds_no_room_is_the_newest_and_room_comes_back()
    {
        await using var log = await TestLog.StartAsync(OneShard with { TailBytesMax = 1000 });
        var tail = log.Log.Follow(0);
        for (var i = 0; i < 5; i++) await log.Did("ann", "session_start").SendAsync();
        Assert.Equal(3, tail.After(0, 100).UpTo);
        Assert.Equal(5, tail.After(5, 100).UpTo);
        for (var i = 0; i < 3; i++) await log.Did("ann", "session_start").SendAsync();
        Assert.Equal(8, tail.After(5, 100).UpTo);

        tail.Dispose();
        await log.Did("ann", "session_start").SendAsync();
        Assert.Equal(8, tail.After(8, 100).UpTo);
    }

    private static string Told(LogPage page) => $"{string.Join(' ', page.Rows.Select(row => row.Position))} up to {page.UpTo}";

    private static (LogRow, string, string) Told(LogRow row) =>
        (row with { Open = default, Sealed = null }, Convert.ToHexString(row.Open.Span), row.Sealed is { } closed ? Convert.ToHexString(closed.Span) : "none");
}
