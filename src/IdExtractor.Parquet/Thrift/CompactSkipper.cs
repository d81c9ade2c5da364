using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace IdExtractor.Parquet.Thrift;

/// <summary>
/// Steps over values of the Thrift compact protocol, eight bytes of an integer at a time. Handles
/// what writers store; everything unusual (field ids in long form, integers of more than eight
/// bytes, the last bytes of the input, deep nesting, malformed bytes) is left to
/// <see cref="CompactReader"/>, the reference implementation, which also reports the errors.
/// </summary>
internal static class CompactSkipper
{
    /// <summary>Returned when the value is left to the reference implementation.</summary>
    public const int Unusual = -1;

    /// <summary>A count or another integer of 32 bits takes at most this many bytes.</summary>
    public const int MaxCountBytes = 5;

    private const ulong EndBits = 0x8080808080808080;
    private const ulong ValueBits = 0x7F7F7F7F7F7F7F7F;

    /// <summary>Steps over a struct.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="at">Position of its first field.</param>
    /// <param name="levels">Number of structs and lists that may be nested, this one
    /// included.</param>
    /// <returns>The position after it, or <see cref="Unusual"/>.</returns>
    public static int SkipStruct(ReadOnlySpan<byte> input, int at, int levels)
    {
        if (levels <= 0)
            return Unusual;
        var id = 0;
        while ((uint)at < (uint)input.Length)
        {
            var header = input[at++];
            if ((header & 0x0F) == (int)ThriftType.Stop)
                return at;
            id += header >> 4;
            if (header < 0x10 || id > short.MaxValue)
                return Unusual;
            at = SkipValue(input, at, (ThriftType)(header & 0x0F), levels);
            if (at < 0)
                return Unusual;
        }

        return Unusual;
    }

    /// <summary>Steps over the value of a field.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="at">Position of the value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="levels">As for <see cref="SkipStruct"/>, with the struct that holds the field
    /// included.</param>
    /// <returns>The position after it, or <see cref="Unusual"/>.</returns>
    public static int SkipValue(ReadOnlySpan<byte> input, int at, ThriftType type, int levels) => type switch
    {
        ThriftType.True or ThriftType.False => at,
        ThriftType.I16 or ThriftType.I32 or ThriftType.I64 => SkipVarint(input, at),
        ThriftType.Binary => SkipBinary(input, at),
        ThriftType.Struct => SkipStruct(input, at, levels - 1),
        ThriftType.List or ThriftType.Set => SkipList(input, at, levels - 1),
        ThriftType.Byte => Within(input, at + 1L),
        ThriftType.Double => Within(input, at + 8L),
        _ => Unusual,
    };

    /// <summary>Reads an unsigned integer of one to eight bytes.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="at">Position of the integer.</param>
    /// <param name="value">The integer.</param>
    /// <returns>The position after it, or <see cref="Unusual"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadVarint(ReadOnlySpan<byte> input, int at, out ulong value)
    {
        value = 0;
        if (at > input.Length - sizeof(ulong))
            return Unusual;
        var word = BinaryPrimitives.ReadUInt64LittleEndian(input[at..]);
        var ends = ~word & EndBits;
        if (ends == 0)
            return Unusual;

        // All bits up to the end bit of the last byte.
        value = Compress(word & (ends ^ (ends - 1)));
        return at + (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Compress(ulong word)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitExtract(word, ValueBits);
        var value = 0UL;
        for (var i = 0; i < sizeof(ulong); i++)
            value |= ((word >> (8 * i)) & 0x7F) << (7 * i);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipVarint(ReadOnlySpan<byte> input, int at)
    {
        if (at > input.Length - sizeof(ulong))
            return Unusual;
        var ends = ~BinaryPrimitives.ReadUInt64LittleEndian(input[at..]) & EndBits;
        return ends == 0 ? Unusual : at + (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
    }

    private static int SkipBinary(ReadOnlySpan<byte> input, int at)
    {
        at = ReadVarint(input, at, out var length);
        return at < 0 || length > (ulong)(input.Length - at) ? Unusual : at + (int)length;
    }

    private static int SkipList(ReadOnlySpan<byte> input, int at, int levels)
    {
        if (levels <= 0 || (uint)at >= (uint)input.Length)
            return Unusual;
        var header = input[at++];
        var count = (ulong)(header >> 4);
        var start = at;
        if (count == 15)
            at = ReadVarint(input, at, out count);
        if (at < 0 || at - start > MaxCountBytes || count > (ulong)(input.Length - at))
            return Unusual;
        var type = (ThriftType)(header & 0x0F);
        if (type is ThriftType.True or ThriftType.False or ThriftType.Byte)
            return at + (int)count;
        for (; count > 0 && at >= 0; count--)
            at = SkipValue(input, at, type, levels);
        return at;
    }

    private static int Within(ReadOnlySpan<byte> input, long at) => at <= input.Length ? (int)at : Unusual;
}
