namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Packs numbers of a few bits each, least significant bit first, and mixes them with runs.
/// </summary>
internal static class BitPacker
{
    /// <summary>Packs numbers one after the other; the last byte is filled up with zeros.</summary>
    public static byte[] Pack(ReadOnlySpan<ulong> values, int width)
    {
        var output = new byte[((values.Length * width) + 7) / 8];
        for (var i = 0; i < values.Length; i++)
        {
            for (var bit = 0; bit < width; bit++)
            {
                var at = (i * width) + bit;
                output[at >> 3] |= (byte)((values[i] >> bit & 1) << (at & 7));
            }
        }

        return output;
    }

    /// <summary>
    /// Dictionary indices: their width, then runs and packed groups by turns of any length.
    /// </summary>
    public static byte[] Indices(IReadOnlyList<int> indices, int width, Random random)
    {
        List<byte> output = [(byte)width];
        var at = 0;
        while (at < indices.Count)
        {
            var run = 1;
            while (at + run < indices.Count && indices[at + run] == indices[at])
                run++;
            if (run >= 8 || random.Next(4) == 0)
            {
                run = random.Next(4) == 0 ? random.Next(1, run + 1) : run;
                AddVarint(output, (uint)run << 1);
                output.AddRange(BitConverter.GetBytes(indices[at]).AsSpan(0, (width + 7) / 8));
                at += run;
                continue;
            }

            // A packed run is whole groups of eight; only the last one may be filled up.
            var groups = Math.Min(random.Next(1, 70), (indices.Count - at + 7) / 8);
            AddVarint(output, (uint)groups << 1 | 1);
            var packed = new ulong[groups * 8];
            for (var i = 0; i < packed.Length && at < indices.Count; i++, at++)
                packed[i] = (ulong)indices[at];
            output.AddRange(Pack(packed, width));
        }

        return [.. output];
    }

    private static void AddVarint(List<byte> output, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            output.Add((byte)(value | 0x80));
        output.Add((byte)value);
    }
}
