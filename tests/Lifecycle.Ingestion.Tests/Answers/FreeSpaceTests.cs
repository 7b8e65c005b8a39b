namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class FreeSpaceTests
{
    private readonly ManualTimestamps _time = new();
    private long _free = 5_000_000_000;
    private int _measured;

    [Fact]
    public async Task Below_the_floor_nothing_is_taken_in_and_above_it_everything_again()
    {
        await using var fixture = await IntakeFixture.StartAsync(space: Space(floor: 2_000_000_000));
        Assert.Equal(200, (await fixture.SendAsync(Message("one"))).Status);
        (_free, _time.Now) = (1_234_000_000, TimeSpan.FromSeconds(1));
        var refused = await fixture.SendAsync(Message("two"));
        Assert.Equal((507, "disk_nearly_full", 30), (refused.Status, refused.Code, refused.RetryAfterSeconds));
        Assert.Equal(refused, fixture.Intake.DiskShortage());
        Assert.Equal("The database's disk has 1234 MB free and 2000 MB are kept in reserve: make room on it, or lower LIFECYCLE_FREE_SPACE_FLOOR. "
            + "Events are taken in again by themselves then; send these again.", refused.Message);
        Assert.Single(await fixture.InputsAsync());
        (_free, _time.Now) = (2_000_000_000, TimeSpan.FromSeconds(2));
        Assert.Equal(200, (await fixture.SendAsync(Message("two"))).Status);
        Assert.Null(fixture.Intake.DiskShortage());
        Assert.Equal(2, (await fixture.InputsAsync()).Count);
    }

    [Fact]
    public void The_disk_is_measured_once_a_second_at_most()
    {
        var space = Space(floor: 1);
        for (var asked = 0; asked < 100; asked++) Assert.Null(space.Refusal());
        Assert.Equal(1, _measured);
        _time.Now = TimeSpan.FromSeconds(1);
        Assert.Null(space.Refusal());
        Assert.Equal(2, _measured);
    }

    [Fact]
    public void A_disk_that_cannot_be_measured_has_room() =>
        Assert.Null(new FreeSpace(() => throw new IOException(), long.MaxValue, _time).Refusal());

    [Fact]
    public void A_folders_disk_is_measured_and_no_floor_is_never_reached()
    {
        Assert.NotNull(FreeSpace.Of(Path.GetTempPath(), 1_000_000_000_000_000, TimeProvider.System).Refusal());
        Assert.Null(FreeSpace.Of(Path.GetTempPath(), 0, TimeProvider.System).Refusal());
    }

    [Fact]
    public async Task A_full_disk_and_a_standby_are_told_apart_from_a_database_that_is_away()
    {
        await using var fixture = await IntakeFixture.StartAsync();
        await fixture.Log.Server.ExecuteAsync("""
            create function refuse() returns trigger language plpgsql as $$ begin raise 'no' using errcode = '53100'; end $$;
            create trigger refuse before insert on event execute function refuse();
            """);
        var full = await fixture.SendAsync(Message("one"));
        Assert.Equal((507, "disk_full", 30), (full.Status, full.Code, full.RetryAfterSeconds));
        Assert.Equal("disk_full", fixture.Intake.DiskShortage()?.Code);
        Assert.StartsWith("The database's disk is full: make room on it", full.Message, StringComparison.Ordinal);
        await fixture.Log.Server.ExecuteAsync("create or replace function refuse() returns trigger language plpgsql as $$ begin raise 'no' using errcode = '25006'; end $$");
        var standby = await fixture.SendAsync(Message("one"));
        Assert.Equal((503, "read_only", 2), (standby.Status, standby.Code, standby.RetryAfterSeconds));
        await fixture.Log.Server.ExecuteAsync("drop trigger refuse on event");
        Assert.Equal(200, (await fixture.SendAsync(Message("one"))).Status);
        Assert.Null(fixture.Intake.DiskShortage());
    }

    private FreeSpace Space(long floor) => new(() =>
    {
        _measured++;
        return _free;
    }, floor, _time);

    private static string Message(string id) => $$"""{"batch":[{"type":"track","userId":"ann","event":"signed_up","messageId":"{{id}}"}]}""";

    private sealed class ManualTimestamps : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
