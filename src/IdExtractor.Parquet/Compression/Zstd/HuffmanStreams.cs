using System.Numerics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Decodes literals from one stream, or from four consecutive ones (RFC 8878, section 4.2.2). Each
/// stream must hold exactly the symbols of its part.
/// </summary>
/// <remarks>
/// The fast loops keep a stream's next bits at the top of a register whose lowest bit is set when
/// it is loaded. The number of zeros shifted in below that bit is the number of bits taken. The
/// loops run while no stream can reach its beginning and no part its end.
/// </remarks>
internal static unsafe class HuffmanStreams
{
    private const int TableShift = 64 - HuffmanTable.Log;

    // 11 bits each, after the up to 7 that a load leaves unused: 62 of 64.
    private const int SymbolsPerLoad = 5;
    private const int BytesPerLoad = 7;

    /// <summary>Decodes one stream of <paramref name="length"/> bytes to <paramref name="count"/> symbols.</summary>
    public static DecodeStatus DecodeOne(ushort* table, byte* stream, long length, byte* output, long count)
    {
        if (length < sizeof(ulong))
            return DecodeShort(table, stream, length, output, count);
        if (stream[length - 1] == 0)
            return DecodeStatus.InvalidHeader;

        var ip = stream + length - sizeof(ulong);
        var bits = FirstBits(ip);
        long i = 0;
        while (count - i >= SymbolsPerLoad && ip - stream >= BytesPerLoad)
        {
            for (var k = 0; k < SymbolsPerLoad; k++)
                Decode(table, ref bits, output + i++);
            Load(ref ip, ref bits);
        }

        return Finish(table, stream, ip, bits, output + i, count - i);
    }

    /// <summary>
    /// Decodes four streams. The first three give <paramref name="part"/> symbols each, the last
    /// the rest of <paramref name="count"/>.
    /// </summary>
    public static DecodeStatus DecodeFour(ushort* table, byte* streams, ReadOnlySpan<int> lengths, byte* output, long part, long count)
    {
        var stream0 = streams;
        var stream1 = stream0 + lengths[0];
        var stream2 = stream1 + lengths[1];
        var stream3 = stream2 + lengths[2];
        var end3 = stream3 + lengths[3];
        var output1 = output + part;
        var output2 = output1 + part;
        var output3 = output2 + part;
        var threeParts = 3 * part;
        var lastPart = count - threeParts;

        if (Math.Min(Math.Min(lengths[0], lengths[1]), Math.Min(lengths[2], lengths[3])) < sizeof(ulong))
        {
            var status = DecodeOne(table, stream0, lengths[0], output, part);
            if (status == DecodeStatus.Ok)
                status = DecodeOne(table, stream1, lengths[1], output1, part);
            if (status == DecodeStatus.Ok)
                status = DecodeOne(table, stream2, lengths[2], output2, part);
            return status == DecodeStatus.Ok ? DecodeOne(table, stream3, lengths[3], output3, lastPart) : status;
        }

        if (stream1[-1] == 0 || stream2[-1] == 0 || stream3[-1] == 0 || end3[-1] == 0)
            return DecodeStatus.InvalidHeader;

        var ip0 = stream1 - sizeof(ulong);
        var ip1 = stream2 - sizeof(ulong);
        var ip2 = stream3 - sizeof(ulong);
        var ip3 = end3 - sizeof(ulong);
        var bits0 = FirstBits(ip0);
        var bits1 = FirstBits(ip1);
        var bits2 = FirstBits(ip2);
        var bits3 = FirstBits(ip3);
        var op = output;
        while (true)
        {
            var rounds = Math.Min(
                Math.Min(Math.Min(ip0 - stream0, ip1 - stream1), Math.Min(ip2 - stream2, ip3 - stream3)) / BytesPerLoad,
                (lastPart - (op - output)) / SymbolsPerLoad);
            if (rounds == 0)
                break;
            for (var end = op + (rounds * SymbolsPerLoad); op < end; op += SymbolsPerLoad)
            {
                Decode(table, ref bits0, op);
                Decode(table, ref bits1, op + part);
                Decode(table, ref bits2, op + (2 * part));
                Decode(table, ref bits3, op + threeParts);
                Decode(table, ref bits0, op + 1);
                Decode(table, ref bits1, op + part + 1);
                Decode(table, ref bits2, op + (2 * part) + 1);
                Decode(table, ref bits3, op + threeParts + 1);
                Decode(table, ref bits0, op + 2);
                Decode(table, ref bits1, op + part + 2);
                Decode(table, ref bits2, op + (2 * part) + 2);
                Decode(table, ref bits3, op + threeParts + 2);
                Decode(table, ref bits0, op + 3);
                Decode(table, ref bits1, op + part + 3);
                Decode(table, ref bits2, op + (2 * part) + 3);
                Decode(table, ref bits3, op + threeParts + 3);
                Decode(table, ref bits0, op + 4);
                Decode(table, ref bits1, op + part + 4);
                Decode(table, ref bits2, op + (2 * part) + 4);
                Decode(table, ref bits3, op + threeParts + 4);

                Load(ref ip0, ref bits0);
                Load(ref ip1, ref bits1);
                Load(ref ip2, ref bits2);
                Load(ref ip3, ref bits3);
            }
        }

        var i = op - output;
        var result = Finish(table, stream0, ip0, bits0, output + i, part - i);
        if (result == DecodeStatus.Ok)
            result = Finish(table, stream1, ip1, bits1, output1 + i, part - i);
        if (result == DecodeStatus.Ok)
            result = Finish(table, stream2, ip2, bits2, output2 + i, part - i);
        return result == DecodeStatus.Ok ? Finish(table, stream3, ip3, bits3, output3 + i, lastPart - i) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Decode(ushort* table, ref ulong bits, byte* output)
    {
        var entry = table[bits >> TableShift];

        // A shift uses only the six lowest bits of its count: the length.
        bits <<= entry;
        *output = (byte)(entry >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref byte* ip, ref ulong bits)
    {
        var used = BitOperations.TrailingZeroCount(bits);
        ip -= used >> 3;
        bits = (LittleEndian.UInt64(ip) | 1) << (used & 7);
    }

    // Removes the mark at the start of the stream and the zeros above it.
    private static ulong FirstBits(byte* ip)
    {
        var loaded = LittleEndian.UInt64(ip);
        return (loaded | 1) << (BitOperations.LeadingZeroCount(loaded) + 1);
    }

    private static DecodeStatus Finish(ushort* table, byte* stream, byte* ip, ulong bits, byte* output, long count)
    {
        var rest = new BackwardBits(stream, ip, BitOperations.TrailingZeroCount(bits));
        return DecodeRest(table, ref rest, output, count);
    }

    private static DecodeStatus DecodeShort(ushort* table, byte* stream, long length, byte* output, long count) =>
        BackwardBits.TryOpen(stream, length, out var bits) ? DecodeRest(table, ref bits, output, count) : DecodeStatus.InvalidHeader;

    private static DecodeStatus DecodeRest(ushort* table, ref BackwardBits bits, byte* output, long count)
    {
        for (long i = 0; i < count; i++)
        {
            if (!bits.TryRefill())
                return DecodeStatus.InputTooShort;
            var entry = table[bits.Peek(HuffmanTable.Log)];
            bits.Drop(entry & 0xFF);
            output[i] = (byte)(entry >> 8);
        }

        return bits.IsUsedUp ? DecodeStatus.Ok : DecodeStatus.InvalidLength;
    }
}
