using Lifecycle.EventLog.Concurrency;

namespace Lifecycle.EventLog.Tests;

public class AlarmTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly AsyncAutoResetEvent _signal = new(TimeProvider.System);

    [Fact]
    public async Task A_ring_ends_the_present_rest_and_no_other()
    {
        var rest = _signal.WaitAsync(Long, CancellationToken.None);
        Assert.False(rest.IsCompleted);
        _signal.Set();
        await rest;
        Assert.False(_signal.WaitAsync(Long, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_ring_while_nobody_rests_ends_the_next_rest_once()
    {
        _signal.Set();
        _signal.Set();
        await _signal.WaitAsync(Long, CancellationToken.None);
        Assert.False(_signal.WaitAsync(Long, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_rest_ends_when_its_time_has_passed_or_it_is_told_to_stop()
    {
        await _signal.WaitAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var rest = _signal.WaitAsync(Long, stop.Token);
        await stop.CancelAsync();
        await rest;
        await _signal.WaitAsync(Long, stop.Token);
    }
}
