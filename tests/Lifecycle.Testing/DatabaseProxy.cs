using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Lifecycle.Testing;

/// <summary>A bad network before PostgreSQL: a TCP proxy that delays, swallows, resets, falls silent, or cuts a client off between its commit and
/// the answer, and counts how often each has really happened.</summary>
public sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly ConcurrentDictionary<ProxyLink, bool> _links = new();
    private readonly Task _accepting;
    private volatile bool _swallowing;
    private int _cuts;
    private CommitCut? _armed;

    /// <param name="target">The server's port on 127.0.0.1.</param>
    public DatabaseProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many sockets were closed while the server's answers were kept back.</summary>
    public int Cuts => _cuts;

    /// <summary>How often each mishap has happened to bytes that were on their way.</summary>
    public ConcurrentDictionary<string, int> Happened { get; } = new();

    /// <summary>How long whatever passes is kept back.</summary>
    public TimeSpan Delay { get; set; }

    internal bool Swallowing => _swallowing;

    /// <summary>From now on requests go through and answers do not.</summary>
    public void SwallowAnswers() => _swallowing = true;

    /// <summary>Closes every connection; those made afterwards are left alone.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys)
        {
            if (_swallowing) Interlocked.Add(ref _cuts, 2);
            link.Close(reset: false);
        }
        _swallowing = false;
    }

    /// <summary>Ends every connection with RST, as a router that forgot it does.</summary>
    public void Reset()
    {
        foreach (var link in _links.Keys) link.Close(reset: true);
    }

    /// <summary>From now on nothing passes on the present connections in these directions, although they stay open; new ones are healthy.</summary>
    public void FallSilent(Silence silence)
    {
        foreach (var link in _links.Keys) link.Silence = silence;
    }

    /// <summary>The silent connections are reset: both ends learn at last.</summary>
    public void Heal()
    {
        foreach (var link in _links.Keys.Where(link => link.Silence != Silence.None)) link.Close(reset: true);
    }

    /// <summary>The next commit of this kind is made and its answer is not: the connection is reset when the answer has come back from the server.</summary>
    /// <returns>Completes when that has happened.</returns>
    public Task CutAfterCommitAsync(CommitKind kind)
    {
        var cut = new CommitCut(kind);
        _armed = cut;
        return cut.Done.Task;
    }

    /// <summary>The end of the next commit of this kind does not reach the server: it has begun to write, holds its locks and waits.</summary>
    /// <returns>Completes with what lets the end through.</returns>
    public Task<Action> HoldBeforeCommitAsync(CommitKind kind)
    {
        var cut = new CommitCut(kind) { Holds = true };
        _armed = cut;
        return cut.Held.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
    }

    internal void Count(string mishap) => Happened.AddOrUpdate(mishap, 1, (_, count) => count + 1);

    /// <summary>The cut that waits for a commit of one of these kinds; given to one connection only.</summary>
    internal CommitCut? Take(CommitKind written)
    {
        var cut = _armed;
        return cut is not null && (written & cut.Kind) != 0 && Interlocked.CompareExchange(ref _armed, null, cut) == cut ? cut : null;
    }

    /// <summary>The commit did not come about; the cut waits for the next.</summary>
    internal void GiveBack(CommitCut cut) => Interlocked.CompareExchange(ref _armed, cut, null);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                _ = ConnectAsync(client);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The proxy is gone; so are its clients.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
        }
        catch (SocketException)
        {
            client.Dispose();
            server.Dispose();
            return; // The server is away, and the client learns it as without us.
        }
        var link = new ProxyLink(this, client, server);
        _links[link] = true;
        await link.RunAsync();
        _links.TryRemove(link, out _);
    }
}

/// <summary>In which direction nothing passes any more.</summary>
[Flags]
public enum Silence
{
    None = 0,
    Requests = 1,
    Answers = 2,
    Both = Requests | Answers,
}

/// <summary>What a transaction of ours writes.</summary>
[Flags]
public enum CommitKind
{
    None = 0,

    /// <summary>Inputs, from a request or of a delivery's outcome.</summary>
    Append = 1,

    /// <summary>A step of a shard's processor.</summary>
    Step = 2,

    /// <summary>Claims of deliveries, leases, customers and whatever else is written.</summary>
    Other = 4,
    Any = Append | Step | Other,
}

internal sealed class CommitCut(CommitKind kind)
{
    public CommitKind Kind { get; } = kind;

    /// <summary>Held before the commit instead of cut after it.</summary>
    public bool Holds { get; init; }
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public TaskCompletionSource<Action> Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
