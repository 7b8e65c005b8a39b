using System.Collections.Concurrent;
using Lifecycle.Domain.Personal;
using Lifecycle.EventLog;

namespace Lifecycle.Projections;

/// <summary>What each tenant's newest release declares as personal, for whoever takes events in.</summary>
/// <remarks>Asked for with every request, so it is remembered for <see cref="Remembered"/>: so long after a publication events may still be taken in as before.</remarks>
public sealed class NewestDeclarations(Releases releases, TimeProvider time)
{
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<int, (PersonalDeclarations Declared, long At)> _known = new();

    /// <exception cref="LogUnavailableException">The newest release cannot be read, so nobody knows what has to be sealed.</exception>
    public ValueTask<PersonalDeclarations> OfAsync(Tenant tenant, CancellationToken ct) =>
        _known.TryGetValue(tenant.Id, out var known) && time.GetElapsedTime(known.At) < Remembered ? new(known.Declared) : new(ReadAsync(tenant, ct));

    private async Task<PersonalDeclarations> ReadAsync(Tenant tenant, CancellationToken ct)
    {
        var at = time.GetTimestamp();
        try
        {
            var declared = (await releases.NewestAsync(tenant.Id, ct)).Personal;
            _known[tenant.Id] = (declared, at);
            return declared;
        }
        catch (InvalidOperationException unreadable)
        {
            throw new LogUnavailableException("The tenant's release cannot be read by this version, so what is personal is not known.", unreadable);
        }
    }
}
