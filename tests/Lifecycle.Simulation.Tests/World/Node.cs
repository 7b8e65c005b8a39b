namespace Lifecycle.Simulation.Tests.World;

/// <summary>What a process is to the world: where its continuations go, what its clocks show, and whether it lives.</summary>
/// <remarks>A process that is killed leaves everything where it was: nothing of it is ever continued, no <c>finally</c> runs.</remarks>
internal sealed class Node : SynchronizationContext
{
    private readonly SimulatedWorld _world;
    private readonly List<Action> _held = [];
    private DateTime? _asleepSince;
    private TimeSpan _slept;

    public Node(SimulatedWorld world, string name)
    {
        (_world, Name) = (world, name);
        Time = new NodeTime(this);
    }

    public string Name { get; }

    public SimulatedWorld SimulatedWorld => _world;

    public TimeProvider Time { get; }

    public bool IsDead { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>Called when it has ended, by whoever sees to it that another is started.</summary>
    public Action? Ended { get; set; }

    /// <summary>How far its wall clock is ahead of the truth. What it measures waiting by is not touched by that.</summary>
    public TimeSpan WallOffset { get; set; }

    public void Kill()
    {
        _world.Note($"{Name} is killed");
        IsDead = true;
        _held.Clear();
        Ended?.Invoke();
    }

    public void Freeze()
    {
        _world.Note($"{Name} is stopped");
        IsFrozen = true;
    }

    /// <summary>As the machine does when it sleeps: the process stops, and what it measures waiting by stops as well.</summary>
    public void Suspend()
    {
        Freeze();
        _asleepSince = _world.Now;
    }

    public void Thaw()
    {
        if (!IsFrozen) return;
        _world.Note($"{Name} goes on");
        IsFrozen = false;
        if (_asleepSince is { } since) _slept += _world.Now - since;
        _asleepSince = null;
        foreach (var act in _held) _world.Schedule(this, TimeSpan.Zero, act);
        _held.Clear();
    }

    public void Hold(Action act) => _held.Add(act);

    /// <summary>Runs something as code of this process.</summary>
    public void Run(Action act) => _world.Schedule(this, TimeSpan.Zero, () => Within(act));

    public override void Post(SendOrPostCallback d, object? state) => Run(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;

    private void Within(Action act)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            act();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private sealed class NodeTime(Node node) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (node._world.Now - node._slept).Ticks;

        public override DateTimeOffset GetUtcNow() => new(node._world.Now + node.WallOffset, TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new NodeTimer(node, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    // Rings outside of the process's context, so that what waits without it goes on at once, in this thread, and the rest by way of the world.
    private sealed class NodeTimer(Node node, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan) node._world.Schedule(node, dueTime, () => Ring(setting, period));
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring(int setting, TimeSpan period)
        {
            if (setting != _setting) return;
            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero) Change(period, period);
            callback(state);
        }
    }
}
