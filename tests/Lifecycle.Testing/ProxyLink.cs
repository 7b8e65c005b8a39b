using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Lifecycle.Testing;

/// <summary>One connection through the proxy. It reads as much of PostgreSQL's protocol as tells where a transaction ends.</summary>
internal sealed class ProxyLink(DatabaseProxy proxy, Socket client, Socket server)
{
    private const int SslRequest = 80877103, GssRequest = 80877104;

    private readonly Dictionary<string, CommitKind> _statements = [];
    private readonly List<byte> _kept = [];
    private readonly Lock _lock = new();
    private CommitKind _written;
    private CommitCut? _cut;
    private bool _started, _failed;
    private volatile bool _closed;
    private int _plainBytes;

    public Silence Silence { get; set; }

    public async Task RunAsync()
    {
        await Task.WhenAll(PumpAsync(client, server, Silence.Requests, PassRequestsAsync), PumpAsync(server, client, Silence.Answers, PassAnswersAsync));
        Close(reset: false);
    }

    public void Close(bool reset)
    {
        _closed = true;
        foreach (var socket in (ReadOnlySpan<Socket>)[client, server])
        {
            try
            {
                if (reset && socket.Connected) socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }
            socket.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Silence direction, Func<Frames, Task> pass)
    {
        var (buffer, frames) = (new byte[64 * 1024], new Frames());
        var lost = false;
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (proxy.Delay > TimeSpan.Zero)
                {
                    await Task.Delay(proxy.Delay, TimeProvider.System);
                    proxy.Count("delayed");
                }
                if ((Silence & direction) != 0)
                {
                    if (!lost) proxy.Count("half-open");
                    lost = true;
                    continue;
                }
                if (direction == Silence.Answers && proxy.Swallowing) continue;
                frames.Add(buffer.AsSpan(0, count));
                await pass(frames);
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Cut by us or by either side.
        }
        // Where nothing passes, the end of one side does not become known to the other.
        if ((Silence & direction) != 0) await UntilClosedAsync();
        Close(reset: false);
    }

    private async Task UntilClosedAsync()
    {
        while (!_closed) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    private async Task PassRequestsAsync(Frames frames)
    {
        while (frames.TryTake(typed: _started, out var message))
        {
            if (!_started) Begin(message.Span);
            else if (EndsTransaction(message.Span)) await AtEndAsync();
            await SendAsync(server, message);
        }
    }

    private void Begin(ReadOnlySpan<byte> message)
    {
        var code = BinaryPrimitives.ReadInt32BigEndian(message[4..]);
        if (code is SslRequest or GssRequest) Interlocked.Increment(ref _plainBytes);
        else _started = true;
    }

    /// <summary>Notes what is prepared and run, and says whether this message ends a transaction.</summary>
    private bool EndsTransaction(ReadOnlySpan<byte> message)
    {
        var body = message[5..];
        switch ((char)message[0])
        {
            case 'P':
                var name = TakeText(ref body);
                _statements[name] = KindOf(TakeText(ref body));
                return false;
            case 'B':
                TakeText(ref body);
                _written |= _statements.GetValueOrDefault(TakeText(ref body));
                return false;
            case 'Q':
                _written |= KindOf(TakeText(ref body));
                return true;
            default:
                return message[0] == 'S';
        }
    }

    private async Task AtEndAsync()
    {
        if (_written == CommitKind.None || proxy.Take(_written) is not { } cut) return;
        if (cut.Holds)
        {
            var let = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            proxy.Count("held before the commit");
            cut.Held.TrySetResult(() => let.TrySetResult());
            await let.Task;
            return;
        }
        lock (_lock) (_cut, _failed) = (cut, false);
    }

    private async Task PassAnswersAsync(Frames frames)
    {
        while (true)
        {
            if (_plainBytes > 0)
            {
                if (!frames.TryTakeByte(out var plain)) return;
                Interlocked.Decrement(ref _plainBytes);
                await SendAsync(client, plain);
                continue;
            }
            if (!frames.TryTake(typed: true, out var message)) break;
            _kept.AddRange(message.Span);
            if (!Ends(message.Span)) continue;
            await FlushAsync();
        }
        bool keeps;
        lock (_lock) keeps = _cut is not null;
        if (!keeps) await FlushAsync();
    }

    /// <summary>Cuts when the answer to a commit is complete; otherwise says whether a transaction or a part of it has been answered.</summary>
    private bool Ends(ReadOnlySpan<byte> message)
    {
        if (message[0] == 'E') _failed = true;
        if (message[0] != 'Z') return false;
        CommitCut? cut;
        lock (_lock) (cut, _cut) = (_cut, null);
        if (message[5] == 'I') _written = CommitKind.None;
        if (cut is null) return true;
        if (_failed || message[5] != 'I')
        {
            proxy.GiveBack(cut);
            return true;
        }
        proxy.Count("cut after the commit");
        Close(reset: true);
        cut.Done.TrySetResult();
        return false;
    }

    private async Task FlushAsync()
    {
        if (_kept.Count == 0) return;
        await SendAsync(client, _kept.ToArray());
        _kept.Clear();
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes)..];
    }

    private static string TakeText(ref ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(body[..end]);
        body = body[(end + 1)..];
        return text;
    }

    private static CommitKind KindOf(string sql) => sql switch
    {
        _ when sql.Contains("insert into message_id", StringComparison.Ordinal) => CommitKind.Append,
        _ when sql.Contains("update shard_lease set consumed", StringComparison.Ordinal) => CommitKind.Step,
        _ when sql.Contains("insert into", StringComparison.Ordinal) || sql.Contains("update ", StringComparison.Ordinal) => CommitKind.Other,
        _ => CommitKind.None,
    };
}

/// <summary>Bytes as they come, taken as whole messages of PostgreSQL's protocol.</summary>
internal sealed class Frames
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _from, _to;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_to + bytes.Length > _bytes.Length)
        {
            var held = _to - _from;
            var target = held + bytes.Length > _bytes.Length ? new byte[Math.Max(2 * _bytes.Length, held + bytes.Length)] : _bytes;
            _bytes.AsSpan(_from, held).CopyTo(target);
            (_bytes, _from, _to) = (target, 0, held);
        }
        bytes.CopyTo(_bytes.AsSpan(_to));
        _to += bytes.Length;
    }

    /// <param name="typed">Every message begins with a byte that says its type, except the client's first ones.</param>
    /// <param name="message">Valid until more is added.</param>
    public bool TryTake(bool typed, out ReadOnlyMemory<byte> message)
    {
        var (head, held) = (typed ? 1 : 0, _to - _from);
        message = default;
        if (held < head + 4) return false;
        var length = head + BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(_from + head));
        if (held < length) return false;
        message = _bytes.AsMemory(_from, length);
        _from += length;
        return true;
    }

    public bool TryTakeByte(out ReadOnlyMemory<byte> plain)
    {
        plain = _bytes.AsMemory(_from, Math.Min(1, _to - _from));
        _from += plain.Length;
        return plain.Length == 1;
    }
}
