namespace Lifecycle.EventLog.Tests;

public class AlarmTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly Alarm _alarm = new(TimeProvider.System);

    [Fact]
    public async Task A_ring_ends_the_present_rest_and_no_other()
    {
        var rest = _alarm.RestAsync(Long, CancellationToken.None);
        Assert.False(rest.IsCompleted);
        _alarm.Ring();
        await rest;
        Assert.False(_alarm.RestAsync(Long, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_ring_while_nobody_rests_ends_the_next_rest_once()
    {
        _alarm.Ring();
        _alarm.Ring();
        await _alarm.RestAsync(Long, CancellationToken.None);
        Assert.False(_alarm.RestAsync(Long, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_rest_ends_when_its_time_has_passed_or_it_is_told_to_stop()
    {
        await _alarm.RestAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var rest = _alarm.RestAsync(Long, stop.Token);
        await stop.CancelAsync();
        await rest;
        await _alarm.RestAsync(Long, stop.Token);
    }
}
