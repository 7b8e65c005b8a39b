namespace Lifecycle.Benchmarks;

/// <summary>How long something took, many times over.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public void Add(TimeSpan time)
    {
        lock (_milliseconds) _milliseconds.Add(time.TotalMilliseconds);
    }

    /// <summary>The time in milliseconds that such a share of them did not exceed; not a number where there are none.</summary>
    public double At(double share)
    {
        lock (_milliseconds)
        {
            if (_milliseconds.Count == 0) return double.NaN;
            _milliseconds.Sort();
            return _milliseconds[Math.Min((int)(_milliseconds.Count * share), _milliseconds.Count - 1)];
        }
    }
}
