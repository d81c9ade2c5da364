namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Writes the delta encodings (Encodings.md of apache/parquet-format) in blocks of 128 values and
/// miniblocks of 32.
/// </summary>
internal static class DeltaPacker
{
    private const int BlockSize = 128;
    private const int Miniblocks = 4;
    private const int MiniblockSize = BlockSize / Miniblocks;

    /// <summary>DELTA_BINARY_PACKED.</summary>
    public static byte[] Integers(IReadOnlyList<long> values)
    {
        var output = new List<byte>();
        AddVarint(output, BlockSize);
        AddVarint(output, Miniblocks);
        AddVarint(output, (ulong)values.Count);
        AddZigZag(output, values.Count == 0 ? 0 : values[0]);
        var deltas = Enumerable.Range(1, Math.Max(0, values.Count - 1)).Select(i => unchecked(values[i] - values[i - 1])).ToArray();
        foreach (var block in deltas.Chunk(BlockSize))
            AddBlock(output, block);
        return [.. output];
    }

    /// <summary>DELTA_LENGTH_BYTE_ARRAY.</summary>
    public static byte[] Lengths(IReadOnlyList<byte[]> values) =>
        [.. Integers([.. values.Select(value => (long)value.Length)]), .. values.SelectMany(value => value)];

    /// <summary>DELTA_BYTE_ARRAY.</summary>
    public static byte[] Prefixes(IReadOnlyList<byte[]> values)
    {
        var prefixes = values.Select((value, i) => i == 0 ? 0 : (long)value.AsSpan().CommonPrefixLength(values[i - 1])).ToList();
        return [.. Integers(prefixes), .. Lengths([.. values.Select((value, i) => value[(int)prefixes[i]..])])];
    }

    private static void AddBlock(List<byte> output, long[] deltas)
    {
        var least = deltas.Min();
        AddZigZag(output, least);
        var miniblocks = deltas.Select(delta => unchecked((ulong)(delta - least))).Chunk(MiniblockSize).ToList();
        var widths = miniblocks.ConvertAll(miniblock => 64 - (int)ulong.LeadingZeroCount(miniblock.Max()));
        output.AddRange(widths.Select(width => (byte)width));
        output.AddRange(new byte[Miniblocks - widths.Count]);
        for (var i = 0; i < miniblocks.Count; i++)
            output.AddRange(BitPacker.Pack([.. miniblocks[i], .. new ulong[MiniblockSize - miniblocks[i].Length]], widths[i]));
    }

    private static void AddZigZag(List<byte> output, long value) => AddVarint(output, (ulong)((value << 1) ^ (value >> 63)));

    private static void AddVarint(List<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            output.Add((byte)(value | 0x80));
        output.Add((byte)value);
    }
}
