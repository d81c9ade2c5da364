using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>
/// Deflate streams (RFC 1951), from a whole input to a whole output. The runtime's own stream reads
/// past the end of the data, which hides where a member ends and whether something follows it. It
/// also allocates for every page and reports bad data by exceptions. This decoder does none of
/// this.
/// </summary>
/// <remarks>One instance per thread: it holds the tables of the current block.</remarks>
internal sealed unsafe class InflateDecoder
{
    private const int LongestMatch = 258;

    // Two refills of eight bytes, which use at most seven each.
    private const int FastInputMargin = 16;

    // Two literals, then a match with its slop.
    private const int FastOutputMargin = 2 + LongestMatch + BackReference.Slop;

    private const uint LiteralLengthMask = (1 << DeflateSymbols.LiteralLengthRootBits) - 1;
    private const uint DistanceMask = (1 << DeflateSymbols.DistanceRootBits) - 1;

    [ThreadStatic]
    private static InflateDecoder? t_current;

    private readonly uint[] _literalLengths = new uint[DeflateSymbols.LiteralLengthTableSize];
    private readonly uint[] _distances = new uint[DeflateSymbols.DistanceTableSize];

    /// <summary>The decoder of the calling thread.</summary>
    public static InflateDecoder Current => t_current ??= new InflateDecoder();

    /// <summary>
    /// Decodes one stream to the start of <paramref name="destination"/>, which it need not fill.
    /// <paramref name="consumed"/> and <paramref name="written"/> are only meaningful when the
    /// result is <see cref="DecodeStatus.Ok"/>.
    /// </summary>
    public DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        fixed (byte* start = source)
        fixed (byte* output = destination)
        {
            var input = new DeflateInput(start, start + source.Length);
            var op = output;
            var status = DecodeBlocks(ref input, output, ref op, output + destination.Length);
            if (status == DecodeStatus.Ok && !input.TryAlign())
                status = DecodeStatus.InputTooShort;
            consumed = (int)(input.Next - start);
            written = (int)(op - output);
            return status;
        }
    }

    private DecodeStatus DecodeBlocks(ref DeflateInput input, byte* output, ref byte* op, byte* outputEnd)
    {
        bool isLast;
        do
        {
            input.Fill();
            isLast = input.Take(1) != 0;
            var status = input.Take(2) switch
            {
                0 => CopyStored(ref input, ref op, outputEnd),
                1 => DecodeCompressed(
                    ref input, DeflateSymbols.FixedLiteralLengthTable, DeflateSymbols.FixedDistanceTable, output, ref op, outputEnd),
                2 => DynamicTables.Read(ref input, _literalLengths, _distances) is not DecodeStatus.Ok and var bad
                    ? bad
                    : DecodeCompressed(ref input, _literalLengths, _distances, output, ref op, outputEnd),
                _ => DecodeStatus.InvalidHeader,
            };
            if (status != DecodeStatus.Ok)
                return input.IsOverrun ? DecodeStatus.InputTooShort : status;
        }
        while (!isLast);
        return DecodeStatus.Ok;
    }

    private static DecodeStatus CopyStored(ref DeflateInput input, ref byte* op, byte* outputEnd)
    {
        if (!input.TryAlign() || input.End - input.Next < 4)
            return DecodeStatus.InputTooShort;
        var length = LittleEndian.UInt16(input.Next);
        var complement = LittleEndian.UInt16(input.Next + 2);
        if (length != (ushort)~complement)
            return DecodeStatus.InvalidHeader;
        input.Next += 4;
        if (input.End - input.Next < length)
            return DecodeStatus.InputTooShort;
        if (outputEnd - op < length)
            return DecodeStatus.OutputTooLong;
        Buffer.MemoryCopy(input.Next, op, outputEnd - op, length);
        input.Next += length;
        op += length;
        return DecodeStatus.Ok;
    }

    private static DecodeStatus DecodeCompressed(
        ref DeflateInput input, uint[] literalLengths, uint[] distances, byte* output, ref byte* op, byte* outputEnd)
    {
        fixed (uint* literalLengthTable = literalLengths)
        fixed (uint* distanceTable = distances)
        {
            if (BackReference.IsWide)
            {
                var status = DecodeFast(ref input, literalLengthTable, distanceTable, output, ref op, outputEnd, out var ended);
                if (ended)
                    return status;
            }

            return DecodeTail(ref input, literalLengthTable, distanceTable, output, ref op, outputEnd);
        }
    }

    /// <summary>
    /// Decodes while both buffers have so much room that a symbol cannot pass their ends, so that
    /// only offsets are checked. Returns without the end of the block when the margins are reached
    /// first.
    /// </summary>
    private static DecodeStatus DecodeFast(
        ref DeflateInput input, uint* literalLengths, uint* distances, byte* output, ref byte* position, byte* outputEnd, out bool ended)
    {
        var ip = input.Next;
        var op = position;
        var bits = input.Bits;
        var count = input.Count;
        var status = DecodeStatus.Ok;
        ended = false;

        while (input.End - ip >= FastInputMargin && outputEnd - op >= FastOutputMargin)
        {
            // The bits above the count belong to the next bytes: loading them again changes
            // nothing.
            bits |= LittleEndian.UInt64(ip) << count;
            ip += (63 - count) >> 3;
            count |= 56;

            // Two literals from the root table (22 bits) leave enough for a length with its extra
            // bits (20).
            var entry = literalLengths[bits & LiteralLengthMask];
            if ((entry & PrefixTable.Literal) != 0)
            {
                Drop(ref bits, ref count, entry);
                *op++ = (byte)(entry >> PrefixTable.ValueShift);
                entry = literalLengths[bits & LiteralLengthMask];
                if ((entry & PrefixTable.Literal) != 0)
                {
                    Drop(ref bits, ref count, entry);
                    *op++ = (byte)(entry >> PrefixTable.ValueShift);
                    entry = literalLengths[bits & LiteralLengthMask];
                    if ((entry & PrefixTable.Literal) != 0)
                    {
                        Drop(ref bits, ref count, entry);
                        *op++ = (byte)(entry >> PrefixTable.ValueShift);
                        continue;
                    }
                }
            }

            if ((entry & PrefixTable.Exceptional) != 0)
            {
                if ((entry & PrefixTable.Link) != 0)
                {
                    entry = Follow(literalLengths, entry, ref bits, ref count);
                    if ((entry & PrefixTable.Literal) != 0)
                    {
                        Drop(ref bits, ref count, entry);
                        *op++ = (byte)(entry >> PrefixTable.ValueShift);
                        continue;
                    }
                }

                if ((entry & PrefixTable.Exceptional) != 0)
                {
                    Drop(ref bits, ref count, entry);
                    status = (entry & PrefixTable.EndOfBlock) != 0 ? DecodeStatus.Ok : DecodeStatus.InvalidValue;
                    ended = true;
                    break;
                }
            }

            long length = Value(entry, bits);
            Drop(ref bits, ref count, entry);

            bits |= LittleEndian.UInt64(ip) << count;
            ip += (63 - count) >> 3;
            count |= 56;
            entry = distances[bits & DistanceMask];
            if ((entry & PrefixTable.Link) != 0)
                entry = Follow(distances, entry, ref bits, ref count);
            long offset = Value(entry, bits);
            Drop(ref bits, ref count, entry);
            if ((entry & PrefixTable.Exceptional) != 0 || offset > op - output)
            {
                status = DecodeStatus.InvalidOffset;
                ended = true;
                break;
            }

            BackReference.RepeatWide(op, offset, length);
            op += length;
        }

        input.Next = ip;
        input.Bits = bits;
        input.Count = count;
        position = op;
        return status;
    }

    /// <summary>The same, one symbol at a time with all checks, near the end of a buffer.</summary>
    private static DecodeStatus DecodeTail(
        ref DeflateInput input, uint* literalLengths, uint* distances, byte* output, ref byte* op, byte* outputEnd)
    {
        while (true)
        {
            input.Fill();
            var entry = literalLengths[input.Bits & LiteralLengthMask];
            if ((entry & PrefixTable.Link) != 0)
                entry = Follow(literalLengths, entry, ref input.Bits, ref input.Count);
            long length = Value(entry, input.Bits);
            Drop(ref input.Bits, ref input.Count, entry);
            if (input.IsOverrun)
                return DecodeStatus.InputTooShort;
            if ((entry & PrefixTable.Literal) != 0)
            {
                if (op == outputEnd)
                    return DecodeStatus.OutputTooLong;
                *op++ = (byte)(entry >> PrefixTable.ValueShift);
                continue;
            }

            if ((entry & PrefixTable.Exceptional) != 0)
                return (entry & PrefixTable.EndOfBlock) != 0 ? DecodeStatus.Ok : DecodeStatus.InvalidValue;

            input.Fill();
            entry = distances[input.Bits & DistanceMask];
            if ((entry & PrefixTable.Link) != 0)
                entry = Follow(distances, entry, ref input.Bits, ref input.Count);
            long offset = Value(entry, input.Bits);
            Drop(ref input.Bits, ref input.Count, entry);
            if (input.IsOverrun)
                return DecodeStatus.InputTooShort;
            if ((entry & PrefixTable.Exceptional) != 0 || offset > op - output)
                return DecodeStatus.InvalidOffset;
            if (length > outputEnd - op)
                return DecodeStatus.OutputTooLong;
            BackReference.Repeat(op, offset, length, outputEnd);
            op += length;
        }
    }

    // Every total in a table is below 32; an invalid entry's is 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Drop(ref ulong bits, ref int count, uint entry)
    {
        var total = (int)(entry & PrefixTable.TotalBitsMask);
        bits >>= total;
        count -= total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Follow(uint* table, uint link, ref ulong bits, ref int count)
    {
        Drop(ref bits, ref count, link);
        var mask = (1u << (int)((link >> PrefixTable.CodeBitsShift) & PrefixTable.CodeBitsMask)) - 1;
        return table[((link >> PrefixTable.ValueShift) & PrefixTable.ValueMask) + (bits & mask)];
    }

    // Base plus the extra bits after the code.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Value(uint entry, ulong bits)
    {
        var used = (uint)bits & ((1u << (int)(entry & PrefixTable.TotalBitsMask)) - 1);
        return ((entry >> PrefixTable.ValueShift) & PrefixTable.ValueMask) + (
            used >> (int)((entry >> PrefixTable.CodeBitsShift) & PrefixTable.CodeBitsMask));
    }
}
