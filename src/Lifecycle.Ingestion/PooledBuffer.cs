using System.Buffers;

namespace Lifecycle.Ingestion;

/// <summary>Bytes that come piece by piece, in memory that is borrowed for them and given back at the end. Not for several threads at once.</summary>
/// <remarks>For the bodies of requests: in arrays of their own they would go among the large objects, which are only cleared away together with
/// everything else.</remarks>
public sealed class PooledBuffer : IDisposable
{
    private const int SizeMin = 16 * 1024;

    private byte[] _memory = [];

    public int Length { get; private set; }

    /// <summary>What has come. Nobody may read it after <see cref="Dispose"/>: somebody else writes there then.</summary>
    public ReadOnlyMemory<byte> Bytes => _memory.AsMemory(0, Length);

    /// <summary>Where the next piece goes, to be followed by <see cref="Add"/>. Takes <see cref="Bytes"/> elsewhere if need be.</summary>
    public Memory<byte> Room(int sizeMin = 1)
    {
        if (_memory.Length - Length < sizeMin)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(SizeMin, 2 * _memory.Length), Length + sizeMin));
            Bytes.CopyTo(larger);
            GiveBack();
            _memory = larger;
        }
        return _memory.AsMemory(Length);
    }

    /// <summary>So many bytes have come into the <see cref="Room"/>.</summary>
    public void Add(int count) => Length += count;

    public void Dispose()
    {
        GiveBack();
        (_memory, Length) = ([], 0);
    }

    private void GiveBack()
    {
        if (_memory.Length > 0) ArrayPool<byte>.Shared.Return(_memory);
    }
}
