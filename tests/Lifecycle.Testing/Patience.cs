namespace Lifecycle.Testing;

/// <summary>Waiting for what must come, however slow the machine is. How soon it comes is measured in benchmarks and asserted nowhere.</summary>
public static class Patience
{
    /// <summary>So long a test waits before it says that something never came: two minutes, many times what a slow machine needs.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks every 20 ms until it holds.</summary>
    /// <param name="otherwise">What to say when it never did.</param>
    /// <exception cref="TimeoutException">It did not hold for <see cref="Max"/>.</exception>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Max) throw new TimeoutException(otherwise());
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    public static Task UntilAsync(Func<bool> holds, Func<string> otherwise) => UntilAsync(() => Task.FromResult(holds()), otherwise);
}
