using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// Unchecked little-endian loads of any alignment. The caller has checked that the bytes exist.
/// </summary>
internal static unsafe class LittleEndian
{
    /// <summary>Loads two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort UInt16(byte* from)
    {
        var value = Unsafe.ReadUnaligned<ushort>(from);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>Loads four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint UInt32(byte* from)
    {
        var value = Unsafe.ReadUnaligned<uint>(from);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>Loads eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong UInt64(byte* from)
    {
        var value = Unsafe.ReadUnaligned<ulong>(from);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }
}
