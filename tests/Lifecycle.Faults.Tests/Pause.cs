namespace Lifecycle.Faults.Tests;

/// <summary>Waiting, by the machine's clock: what is waited for lives in other processes.</summary>
internal static class Pause
{
    public static Task ForAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    /// <summary>Asks every 20 ms until it holds.</summary>
    /// <param name="otherwise">What to say when it does not hold in time.</param>
    public static async Task UntilAsync(Func<Task<bool>> holds, int seconds, string otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started).TotalSeconds > seconds) throw new TimeoutException(otherwise);
            await ForAsync(20);
        }
    }
}
