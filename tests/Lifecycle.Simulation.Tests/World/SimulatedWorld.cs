namespace Lifecycle.Simulation.Tests.World;

/// <summary>One thread, one clock and one sequence of random numbers, by which everything that can happen in a run is put into an order.</summary>
/// <remarks>What happens next is the earliest of what was scheduled; among what is due at one instant the seed decides.</remarks>
/// <param name="begins">How far from the usual instant it begins.</param>
internal sealed class SimulatedWorld(int seed, TimeSpan begins = default, bool keepAll = false)
{
    /// <summary>When a run begins unless it wants another instant.</summary>
    public static readonly DateTime Usual = new(2026, 11, 22, 8, 0, 0, DateTimeKind.Utc);

    private const int TailLength = 200;

    private readonly PriorityQueue<(Node? Owner, Action Act), (long At, int Draw)> _queue = new();
    private readonly Queue<string> _tail = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _hash = 17;

    public int Seed => seed;

    public Random Dice { get; } = new(seed);

    /// <summary>The true time of the run, which no process and no database need to agree with.</summary>
    public DateTime Now { get; private set; } = Usual + begins;

    public TimeSpan Elapsed => Now - Usual - begins;

    /// <summary>The first thing found to be wrong; null while all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>A hash over everything noted so far: equal for two runs that went the same way.</summary>
    public long TraceHash => _hash;

    public long Steps { get; private set; }

    /// <summary>The last lines of the trace, or all of them.</summary>
    public IEnumerable<string> Trace => _tail;

    public void Note(string line)
    {
        foreach (var letter in line) _hash = (_hash * 1_000_003) ^ letter;
        _hash = (_hash * 1_000_003) ^ Now.Ticks;
        _tail.Enqueue($"{Elapsed.TotalSeconds,10:0.0000} {line}");
        if (!keepAll && _tail.Count > TailLength) _tail.Dequeue();
    }

    public void Fail(string what)
    {
        if (Failure is null) Note("FAILURE " + what);
        Failure ??= what;
    }

    /// <summary>Lets something happen after a time, unless its owner is gone by then; while that one is frozen, it waits.</summary>
    public void Schedule(Node? owner, TimeSpan after, Action act)
    {
        // Whatever runs elsewhere than on this thread is outside the run's order, and no seed would bring it back.
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Failure ??= "Something has left the simulation's thread: " + Environment.StackTrace;
            return;
        }
        _queue.Enqueue((owner, act), ((Now + after).Ticks, Dice.Next()));
    }

    /// <summary>Goes on until an instant, a failure, or a condition that is looked at after every step.</summary>
    public void RunUntil(DateTime end, Func<bool>? over = null)
    {
        while (Failure is null && _queue.TryPeek(out _, out var next) && next.At <= end.Ticks)
        {
            var (owner, act) = _queue.Dequeue();
            if (next.At > Now.Ticks) Now = new DateTime(next.At, DateTimeKind.Utc);
            if (owner is { IsDead: true }) continue;
            if (owner is { IsFrozen: true })
            {
                owner.Hold(act);
                continue;
            }
            Steps++;
            act();
            if (over?.Invoke() == true) return;
        }
        if (Failure is null && Now < end) Now = end;
    }

    public bool Chance(double probability) => Dice.NextDouble() < probability;

    public TimeSpan Between(double fromSeconds, double toSeconds) => TimeSpan.FromSeconds(fromSeconds + (Dice.NextDouble() * (toSeconds - fromSeconds)));

    public T Pick<T>(IReadOnlyList<T> from) => from[Dice.Next(from.Count)];
}
