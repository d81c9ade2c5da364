using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// How a fixed-width column stores its numbers. Implementations are empty structs, so the loops of
/// <see cref="NumberKeyProbe"/> are compiled for each of them with the load inlined.
/// </summary>
internal unsafe interface IStoredNumber
{
    /// <summary>
    /// Reads the value at an address as 64 bits. Equal values give equal bits; which of them are
    /// keys is decided by <see cref="KeyMatcher.IsKey"/>.
    /// </summary>
    /// <param name="at">The value. Up to 7 bytes after it may be read.</param>
    /// <param name="width">Bytes per value.</param>
    static abstract ulong Load(byte* at, nint width);
}

/// <summary>INT32 whose values are signed.</summary>
internal readonly unsafe struct StoredInt32 : IStoredNumber
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* at, nint width) => (ulong)Unsafe.ReadUnaligned<int>(at);
}

/// <summary>INT32 whose values are unsigned.</summary>
internal readonly unsafe struct StoredUInt32 : IStoredNumber
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* at, nint width) => Unsafe.ReadUnaligned<uint>(at);
}

/// <summary>INT64, signed or unsigned.</summary>
internal readonly unsafe struct StoredInt64 : IStoredNumber
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* at, nint width) => Unsafe.ReadUnaligned<ulong>(at);
}

/// <summary>A decimal of 1 to 8 bytes, big endian.</summary>
internal readonly unsafe struct StoredShortDecimal : IStoredNumber
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* at, nint width)
    {
        var head = (long)BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(at));
        return (ulong)(head >> (int)(64 - (8 * width)));
    }
}

/// <summary>
/// A decimal of 9 to 16 bytes, big endian: the last 8 of them. Keys of up to 64 bits have no other
/// bytes.
/// </summary>
internal readonly unsafe struct StoredLongDecimal : IStoredNumber
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* at, nint width) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(at + width - sizeof(ulong)));
}
