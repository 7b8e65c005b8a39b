namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Chance with a seed.</summary>
public sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int Below(int bound) => _random.Next(bound);

    public int Between(int least, int below) => _random.Next(least, below);

    /// <summary>True once in so many throws.</summary>
    public bool OneIn(int throws) => _random.Next(throws) == 0;

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];
}
