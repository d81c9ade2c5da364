using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Bytes;

namespace IdExtractor.Core.Collect;

/// <summary>
/// An id of up to 15 bytes as two numbers: its bytes, most significant first, zeros, and in the
/// last byte its length. Packed ids sort as the ids do, also where an id ends with zeros, and
/// different ids are never equal.
/// </summary>
/// <param name="High">The first eight bytes.</param>
/// <param name="Low">The rest, and the length.</param>
internal readonly record struct PackedId(ulong High, ulong Low)
{
    /// <summary>The longest id that can be packed, in bytes.</summary>
    public const int MaxBytes = Size - 1;

    /// <summary>Bytes of a packed id.</summary>
    public const int Size = 2 * sizeof(ulong);

    private const int BitsInByte = 8;

    /// <summary>Length of the id, in bytes.</summary>
    public int Length => (byte)Low;

    /// <summary>A number for a table; the high bits are the well-mixed ones.</summary>
    public ulong Hash => (High ^ ulong.RotateLeft(Low, 29)) * 0x9E37_79B9_7F4A_7C15;

    /// <summary>Packs an id of at most <see cref="MaxBytes"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedId Of(ReadOnlySpan<byte> id)
    {
        var length = id.Length;
        if (length <= sizeof(ulong))
            return new PackedId(ByteOrder.WordAt(id, 0), (uint)length);
        ref var start = ref MemoryMarshal.GetReference(id);
        var head = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref start));
        var tail = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - sizeof(ulong))));
        return new PackedId(head, (tail << (BitsInByte * (Size - length))) | (uint)length);
    }

    /// <summary>Writes the id.</summary>
    /// <param name="id">At least <see cref="Size"/> bytes; those after the id are
    /// overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unpack(Span<byte> id)
    {
        BinaryPrimitives.WriteUInt64BigEndian(id, High);
        BinaryPrimitives.WriteUInt64BigEndian(id[sizeof(ulong)..], Low);
    }

    /// <summary>
    /// Eight bytes of the id as a number, as <see cref="ByteOrder.WordAt"/> returns them.
    /// </summary>
    /// <param name="position">Where they start, 0 to <see cref="MaxBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong WordAt(int position)
    {
        var low = Low & ~0xFFUL;
        var shift = BitsInByte * position;
        return position == 0 ? High
            : position < sizeof(ulong) ? (High << shift) | (low >> (64 - shift))
            : low << (shift - 64);
    }

    /// <summary>Returns whether this id sorts before another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBefore(PackedId other) => High < other.High || (High == other.High && Low < other.Low);
}
