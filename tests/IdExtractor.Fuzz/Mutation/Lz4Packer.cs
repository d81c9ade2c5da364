namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Compresses to an LZ4 block of any mix of sequences that the format allows (lz4_Block_format.md
/// of lz4/lz4), but for the rules on how blocks end, which readers do not hold them to.
/// </summary>
internal static class Lz4Packer
{
    private const int LongLength = 15;
    private const int ShortestMatch = 4;

    /// <summary>Compresses.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> bytes, Random random)
    {
        var output = new List<byte>();

        // What cannot be a match joins the literals of the next sequence.
        var literalStart = 0;
        foreach (var (start, literals, offset, length) in MatchPicker.Pick(bytes, random))
        {
            if (length < ShortestMatch || offset > ushort.MaxValue)
                continue;
            AddSequence(output, bytes[literalStart..(start + literals)], offset, length);
            literalStart = start + literals + length;
        }

        AddSequence(output, bytes[literalStart..], offset: 0, ShortestMatch);
        return [.. output];
    }

    /// <summary>Literals and a match; with offset 0 the literals that end a block.</summary>
    private static void AddSequence(List<byte> output, ReadOnlySpan<byte> literals, int offset, int length)
    {
        var stored = length - ShortestMatch;
        output.Add((byte)(Math.Min(literals.Length, LongLength) << 4 | Math.Min(stored, LongLength)));
        AddRest(output, literals.Length);
        output.AddRange(literals);
        if (offset == 0)
            return;
        output.AddRange([(byte)offset, (byte)(offset >> 8)]);
        AddRest(output, stored);
    }

    private static void AddRest(List<byte> output, int length)
    {
        if (length < LongLength)
            return;
        for (length -= LongLength; length >= byte.MaxValue; length -= byte.MaxValue)
            output.Add(byte.MaxValue);
        output.Add((byte)length);
    }
}
