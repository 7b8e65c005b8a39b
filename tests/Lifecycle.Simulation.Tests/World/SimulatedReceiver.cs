using System.Net;

namespace Lifecycle.Simulation.Tests.World;

/// <summary>The tenant's endpoint: takes messages, and sometimes answers badly, late or not at all.</summary>
internal sealed class SimulatedReceiver(SimulatedWorld world, Weather weather)
{
    private readonly double _failures = world.Pick([0.0, 0.05, 0.2]);

    /// <summary>The body of each message by its id, how often it came, and whether it was ever taken.</summary>
    public Dictionary<string, (string Body, int Times, bool Taken)> Messages { get; } = [];

    /// <summary>The network as a process sees it.</summary>
    public HttpMessageHandler Network(Node node) => new Way(this, node);

    private async Task<HttpResponseMessage> TakeAsync(Node node, HttpRequestMessage request, CancellationToken cancellation)
    {
        var id = request.Headers.GetValues("webhook-id").Single();
        var body = await request.Content!.ReadAsStringAsync(cancellation);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var bad = !weather.IsCalm && world.Chance(_failures);
        var fate = world.Dice.Next(3);
        var delay = bad && world.Chance(0.2) ? world.Between(0.1, 20) : world.Between(0.001, 0.02);
        if (bad && fate == 0)
        {
            weather.Count("webhook lost");
            world.Schedule(node, delay, () => answer.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError)));
        }
        else
        {
            world.Schedule(null, delay, () => Arrive(node, id, body, bad ? fate : 0, answer));
        }
        using var given = cancellation.UnsafeRegister(_ => answer.TrySetCanceled(cancellation), null);
        return await answer.Task.ConfigureAwait(false);
    }

    private void Arrive(Node node, string id, string body, int fate, TaskCompletionSource<HttpResponseMessage> answer)
    {
        var status = fate == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
        (string Body, int Times, bool Taken) known = Messages.GetValueOrDefault(id, (body, 0, false));
        if (known.Body != body) world.Fail($"The message {id} came with other bytes than before.");
        Messages[id] = (body, known.Times + 1, known.Taken || status == HttpStatusCode.OK);
        world.Note($"receiver got {id} from {node.Name} and says {(int)status}");
        if (fate == 2)
        {
            weather.Count("webhook answer lost");
            world.Schedule(node, TimeSpan.Zero, () => answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded)));
            return;
        }
        world.Schedule(node, world.Between(0.001, 0.01), () => answer.TrySetResult(new HttpResponseMessage(status) { Content = new ByteArrayContent([]) }));
    }

    private sealed class Way(SimulatedReceiver receiver, Node node) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            receiver.TakeAsync(node, request, cancellationToken);
    }
}
