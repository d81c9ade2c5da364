namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The description of a Huffman code: a weight for each symbol but the last (RFC 8878, section 4.2.1).</summary>
internal static unsafe class HuffmanWeights
{
    /// <summary>The most weights that can be stored; one more follows from them.</summary>
    public const int MaxCount = 255;

    private const int FirstDirectHeader = 128;
    private const int MaxLog = 6;
    private const int MaxWeight = HuffmanTable.Log;

    /// <summary>Reads the stored weights.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> source, Span<byte> weights, out int count, out int consumed)
    {
        count = 0;
        consumed = 0;
        if (source.IsEmpty)
            return DecodeStatus.InputTooShort;
        int header = source[0];
        source = source[1..];
        if (header >= FirstDirectHeader)
            return ReadDirect(source, weights, header - FirstDirectHeader + 1, out count, out consumed);

        if (header > source.Length)
            return DecodeStatus.InputTooShort;
        consumed = 1 + header;
        return ReadCompressed(source[..header], weights, out count);
    }

    // Four bits each, the higher half of a byte first.
    private static DecodeStatus ReadDirect(ReadOnlySpan<byte> source, Span<byte> weights, int declared, out int count, out int consumed)
    {
        count = declared;
        var bytes = (declared + 1) / 2;
        consumed = 1 + bytes;
        if (bytes > source.Length)
            return DecodeStatus.InputTooShort;
        for (var i = 0; i < declared; i++)
            weights[i] = (byte)((i & 1) == 0 ? source[i / 2] >> 4 : source[i / 2] & 0xF);
        return DecodeStatus.Ok;
    }

    // Two states alternate. The stream does not store the number of weights: they end when a state
    // needs more bits than are left.
    private static DecodeStatus ReadCompressed(ReadOnlySpan<byte> source, Span<byte> weights, out int count)
    {
        count = 0;
        Span<short> counts = stackalloc short[MaxWeight + 1];
        var status = FseCounts.Read(source, counts, MaxLog, out var log, out var symbols, out var consumed);
        if (status != DecodeStatus.Ok)
            return status;
        Span<FseCell> cells = stackalloc FseCell[1 << MaxLog];
        FseTable.Build(counts[..symbols], log, cells);

        fixed (byte* stream = source[consumed..])
        {
            if (!BackwardBits.TryOpen(stream, source.Length - consumed, out var bits))
                return DecodeStatus.InvalidHeader;
            var state = (int)bits.Read(log);
            var other = (int)bits.Read(log);
            if (!bits.TryRefill())
                return DecodeStatus.InputTooShort;
            while (true)
            {
                // Room for this weight and, if it is the last but one, for that of the other state.
                if (count + 2 > MaxCount)
                    return DecodeStatus.InvalidLength;
                var cell = cells[state];
                weights[count++] = cell.Symbol;
                state = cell.Base + (int)bits.Read(cell.Bits);
                if (!bits.TryRefill())
                {
                    weights[count++] = cells[other].Symbol;
                    return DecodeStatus.Ok;
                }

                (state, other) = (other, state);
            }
        }
    }
}
