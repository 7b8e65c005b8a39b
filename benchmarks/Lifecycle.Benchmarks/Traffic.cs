using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Lifecycle.Benchmarks;

/// <summary>The load as SDKs send it: track calls of about 250 bytes in bodies of <c>/v1/batch</c>.</summary>
internal static class Traffic
{
    /// <summary>Below what the server has in work of one tenant at once, beyond which it says 429.</summary>
    private const int AtOnceMax = 40;

    /// <summary>Bodies of so many messages each, for numbers from <paramref name="first"/> on; a number has one message, whichever body it is in.</summary>
    /// <param name="renewedEvery">After so many messages other customers come in the place of all, who have never been seen.</param>
    public static IEnumerable<byte[]> Bodies(int first, int count, int batchSize, int renewedEvery = int.MaxValue)
    {
        var random = new Random(first);
        for (var from = first; from < first + count; from += batchSize)
        {
            var body = new StringBuilder("{\"batch\":[");
            var until = Math.Min(from + batchSize, first + count);
            for (var number = from; number < until; number++)
            {
                if (number > from) body.Append(',');
                body.Append(Message(number, string.Create(CultureInfo.InvariantCulture, $"player-{Load.Customer(random) + number / renewedEvery * Load.Customers}"), Load.Name(random), random));
            }
            yield return Encoding.UTF8.GetBytes(body.Append("]}").ToString());
        }
    }

    public static string Message(int number, string customer, string name, Random random) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"type":"track","messageId":"node-next-1795310151863-{{{number:D12}}}","userId":"{{{customer}}}","event":"{{{name}}}","properties":{"revenue":{{{random.Next(100, 9999) / 100m}}},"currency":"CNY","sku":"sku-{{{random.Next(1000)}}}","level":{{{random.Next(60)}}},"server":"s{{{random.Next(40)}}}"}}""");

    /// <summary>Sends bodies as fast as they are answered, over so many connections.</summary>
    public static async Task SendAllAsync(IEnumerable<byte[]> bodies, Func<byte[], Task> send, int connections) =>
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (body, _) => await send(body));

    /// <summary>Sends bodies at an even pace, whether or not the ones before are answered, and measures each from the moment it was due.</summary>
    /// <returns>How long each waited for its answer. More than 40 unanswered at once hold up the next, which counts as its time.</returns>
    public static async Task<Latencies> SendEvenlyAsync(IEnumerable<byte[]> bodies, Func<byte[], Task> send, double bodiesPerSecond, CancellationToken stop = default)
    {
        var (latencies, watch, room) = (new Latencies(), Stopwatch.StartNew(), new SemaphoreSlim(AtOnceMax));
        var underWay = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var sent = 0;
        foreach (var body in bodies)
        {
            var due = TimeSpan.FromSeconds(sent++ / bodiesPerSecond);
            while (watch.Elapsed < due) await tick.WaitForNextTickAsync(CancellationToken.None);
            if (stop.IsCancellationRequested) break;
            await room.WaitAsync(CancellationToken.None);
            underWay.Add(SendAsync(body, due));
            if (underWay.Count > AtOnceMax) underWay.RemoveAll(task => task.IsCompletedSuccessfully);
        }
        await Task.WhenAll(underWay);
        return latencies;

        async Task SendAsync(byte[] body, TimeSpan due)
        {
            await send(body);
            latencies.Add(watch.Elapsed - due);
            room.Release();
        }
    }
}
