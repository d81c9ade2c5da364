using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Stage.Deflate;

/// <summary>Writes bits, the lowest first (RFC 1951 section 3.1.1).</summary>
/// <param name="destination">Where the bytes go; it must have 8 more than are written.</param>
internal ref struct DeflateWriter(Span<byte> destination)
{
    /// <summary>Most bits that are written at a time.</summary>
    public const int MaxBits = 56;

    private readonly Span<byte> _destination = destination;
    private ulong _bits;
    private int _bitCount;
    private int _position;

    /// <summary>Appends a number of few bits.</summary>
    public void Put(int value, int count) => Put(new DeflateBits((ulong)value, count));

    /// <summary>Appends bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(DeflateBits bits)
    {
        _bits |= bits.Value << _bitCount;
        _bitCount += bits.Count;
        BinaryPrimitives.WriteUInt64LittleEndian(_destination[_position..], _bits);
        var whole = _bitCount >> 3;
        _position += whole;
        _bitCount &= 7;
        _bits >>= whole << 3;
    }

    /// <summary>Ends the last byte.</summary>
    /// <returns>Bytes written so far.</returns>
    public int Align()
    {
        if (_bitCount > 0)
            Put(0, 8 - _bitCount);
        return _position;
    }
}
