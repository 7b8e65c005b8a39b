using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Lifecycle.Testing;

/// <summary>A TCP proxy before PostgreSQL that can keep the server's answers to itself and cut its clients off, so that they never learn whether
/// what they asked for was done.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly Task _accepting;
    private volatile bool _swallowing;
    private int _cuts;

    /// <param name="target">The server's port on 127.0.0.1.</param>
    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut while the server's answers were kept back.</summary>
    public int Cuts => _cuts;

    /// <summary>From now on requests go through and answers do not.</summary>
    public void SwallowAnswers() => _swallowing = true;

    /// <summary>Cuts every connection; those made afterwards are left alone.</summary>
    public void Cut()
    {
        foreach (var socket in _open.Keys)
        {
            if (_swallowing) Interlocked.Increment(ref _cuts);
            Close(socket);
        }
        _swallowing = false;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _target);
                _open[client] = _open[server] = true;
                _ = PumpAsync(client, server, answers: false);
                _ = PumpAsync(server, client, answers: true);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The proxy or the server behind it is gone; so are its clients.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
                if (!answers || !_swallowing) await to.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Cut by us or by either side: both ends learn it now.
        }
        Close(from);
        Close(to);
    }

    private void Close(Socket socket)
    {
        if (_open.TryRemove(socket, out _)) socket.Dispose();
    }
}
