using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class RetryTests
{
    [Fact]
    public async Task A_step_that_fails_again_and_again_is_tried_ever_more_slowly_until_it_is_repaired()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SettleAsync();
        await shop.RestartAsync();
        var appended = await shop.Log.Log.AppendShardInputAsync(0, shop.Tenant, new HistoryOpened(), new RecordId(Guid.NewGuid()));
        await shop.SendAsync(shop.Order("ann"));
        await shop.Log.Server.ExecuteAsync($"update event set name = 'of_a_later_version' where position = {appended.Position}");

        using var stop = new CancellationTokenSource();
        var time = new WatchedTime();
        shop.Options = shop.Options with { Time = time, RetryDelay = Duration.FromMilliseconds(100), RetryDelayMax = Duration.FromSeconds(1) };
        var processor = await shop.ProcessorAsync(0);
        time.Waiting = count => { if (count == 6) stop.Cancel(); };
        Assert.True(await processor.RunAsync(stop.Token));
        Assert.Equal([100, 200, 400, 800, 1000, 1000], time.Waits.Select(wait => wait.TotalMilliseconds));

        await shop.Log.Server.ExecuteAsync($"update event set name = 'history_opened' where position = {appended.Position}");
        await shop.SettleAsync();
        Assert.Equal("newcomer", await shop.StagesAsync("ann"));
    }

    /// <summary>Writes down how long was to be waited, and does not wait.</summary>
    private sealed class WatchedTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        /// <summary>Told how many waits there were.</summary>
        public Action<int> Waiting { get; set; } = _ => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            Waiting(Waits.Count);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
