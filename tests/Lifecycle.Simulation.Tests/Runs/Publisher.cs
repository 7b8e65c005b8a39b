using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;
using Lifecycle.Simulation.Tests.World;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>Somebody who publishes the shop's next release, again and again, until a process says that it is in force.</summary>
internal sealed class Publisher(SimulatedWorld world, Func<SimulatedServer?> pick, Tenant tenant)
{
    private readonly Node _node = new(world, "publisher");

    public bool IsDone { get; private set; }

    public void Start(TimeSpan after) => _node.Run(() => _ = PublishAsync(after));

    private async Task PublishAsync(TimeSpan after)
    {
        await Task.Delay(after, _node.Time);
        PublishResult? result;
        while ((result = await Question.AskAsync(world, _node, pick, server => server.Publishing.PublishAsync(tenant, server.Shop.Next))) is null)
            await Task.Delay(world.Between(0.1, 3), _node.Time);
        if (result is PublishResult.Invalid) world.Fail("The next release was refused.");
        world.Note($"the next release is in force: {result.GetType().Name}");
        IsDone = true;
    }
}
