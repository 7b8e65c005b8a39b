using Lifecycle.Domain.Tests.Oracle;
using NodaTime;

namespace Lifecycle.Domain.Tests;

/// <summary>Runs that end, whatever rules chance has drawn.</summary>
internal static class Careful
{
    /// <summary>From review to review, giving up on rules that move the customer to and fro without end.</summary>
    public static void LiveCarefully(this MachineRun run, Instant to)
    {
        for (var reviews = 0; run.Machine.NextReview(run.State) is var due && due <= to; reviews++)
        {
            if (run.Facts.Count > BruteForce.FactsMax || reviews > 20 * BruteForce.FactsMax) throw new RestlessException();
            run.LiveTo(due);
        }
    }
}
