using System.Numerics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// A bit stream that is read from its end (RFC 8878, section 4.1): the highest set bit of the last
/// byte marks where it starts. Reads only inside the stream. Bits taken past its beginning are
/// undefined, and <see cref="TryRefill"/> or <see cref="IsUsedUp"/> detects them.
/// </summary>
internal unsafe ref struct BackwardBits
{
    private const int ContainerBits = 64;

    private readonly byte* _start;
    private byte* _next;
    private ulong _container;
    private int _used;

    /// <summary>
    /// Continues in a stream of at least eight bytes, with <paramref name="used"/> bits of the
    /// eight bytes at <paramref name="next"/> taken.
    /// </summary>
    public BackwardBits(byte* start, byte* next, int used)
    {
        _start = start;
        _next = next;
        _used = used;
        _container = LittleEndian.UInt64(next);
    }

    /// <summary>Whether exactly the bits of the stream were taken.</summary>
    public readonly bool IsUsedUp => _next == _start && _used == ContainerBits;

    /// <summary>Opens a stream; false when it is empty or lacks its mark.</summary>
    public static bool TryOpen(byte* start, long length, out BackwardBits stream)
    {
        stream = default;
        if (length <= 0 || start[length - 1] == 0)
            return false;
        var mark = BitOperations.LeadingZeroCount((uint)start[length - 1]) - 24 + 1;
        if (length >= sizeof(ulong))
        {
            stream = new BackwardBits(start, start + length - sizeof(ulong), mark);
            return true;
        }

        ulong container = 0;
        for (var i = 0; i < length; i++)
            container |= (ulong)start[i] << (8 * i);
        stream = new BackwardBits(start, container, mark + ((sizeof(ulong) - (int)length) * 8));
        return true;
    }

    private BackwardBits(byte* start, ulong container, int used)
    {
        _start = start;
        _next = start;
        _container = container;
        _used = used;
    }

    /// <summary>Makes the next 57 bits available, or all that are left; false when more than the stream has were taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRefill()
    {
        if (_used > ContainerBits)
            return false;

        // Streams that are shorter than a load also have nothing to load.
        var bytes = Math.Min(_used >> 3, _next - _start);
        if (bytes != 0)
        {
            _next -= bytes;
            _used -= (int)bytes << 3;
            _container = LittleEndian.UInt64(_next);
        }

        return true;
    }

    /// <summary>The next bits, without consuming them; at most 57 after a refill.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Peek(int count) => (_container << _used) >> 1 >> (ContainerBits - 1 - count);

    /// <summary>Takes bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int count) => _used += count;

    /// <summary>Takes the next bits; at most 57 in all between two refills.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(int count)
    {
        var value = (uint)Peek(count);
        _used += count;
        return value;
    }
}
