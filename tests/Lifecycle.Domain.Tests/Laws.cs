using System.Globalization;
using Lifecycle.Domain.Tests.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>Tries a law on many cases, and shows the smallest it finds where the law does not hold.</summary>
/// <remarks>Every case is one seed; a failure names it. <c>LIFECYCLE_CASES</c> sets how many are run, <c>LIFECYCLE_SEED</c> where they begin:
/// without it every day begins at seeds of its own.</remarks>
internal static class Laws
{
    private const int SmallerCasesMax = 800;
    private const int SeedsOfADay = 10_000;
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_CASES") ?? "2000", CultureInfo.InvariantCulture);
    private static readonly int FirstSeed = Environment.GetEnvironmentVariable("LIFECYCLE_SEED") is { } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 1 + SeedsOfADay * (DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber - new DateOnly(2026, 1, 1).DayNumber);

    /// <param name="oneIn">Tries one of so many cases: for what is held on to beside the laws.</param>
    /// <param name="tightly">Draws only definitions of which the next review is known exactly.</param>
    public static void Hold(ITestOutputHelper output, Action<Case> law, bool tightly = false, int eventsMax = 24, int oneIn = 1, params string[] journeys)
    {
        var cases = Math.Max(1, Cases / oneIn);
        var drawing = new Drawing(tightly, eventsMax, journeys);
        var (refused, restless) = (0, 0);
        var failed = int.MaxValue;
        Parallel.For(FirstSeed, FirstSeed + cases, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(2, Environment.ProcessorCount) }, (seed, loop) =>
        {
            if (Case.Draw(seed, drawing) is not { } drawn)
            {
                Interlocked.Increment(ref refused);
                return;
            }
            switch (Failure(law, drawn))
            {
                case RestlessException:
                    Interlocked.Increment(ref restless);
                    break;
                case not null:
                    failed = Math.Min(failed, seed);
                    loop.Stop();
                    break;
            }
        });
        output.WriteLine($"{cases} cases from seed {FirstSeed}; {refused} definitions refused by the checker, {restless} moved too often to be looked at.");
        if (failed != int.MaxValue) throw Explained(law, Case.Draw(failed, drawing)!);
        Assert.True(refused + restless < cases / 20 + 3, $"{refused} of {cases} random definitions were refused and {restless} passed over.");
    }

    private static Exception? Failure(Action<Case> law, Case tried)
    {
        try
        {
            law(tried);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>The failure of the smallest case that fails in any way, found by leaving out one thing after the other.</summary>
    private static InvalidOperationException Explained(Action<Case> law, Case failing)
    {
        var (smallest, tried) = (failing, 0);
        for (var found = true; found;)
        {
            found = false;
            foreach (var smaller in smallest.Smaller())
            {
                if (++tried > SmallerCasesMax) break;
                if (Failure(law, smaller) is null or RestlessException) continue;
                (smallest, found) = (smaller, true);
                break;
            }
        }
        return new InvalidOperationException($"The law does not hold.\n{smallest}", Failure(law, smallest));
    }
}
