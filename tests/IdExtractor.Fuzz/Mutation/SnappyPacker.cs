namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Compresses to Snappy with any mix of tags that the format allows, including those that no
/// compressor chooses (format_description.txt of google/snappy).
/// </summary>
internal static class SnappyPacker
{
    /// <summary>Compresses.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> bytes, Random random)
    {
        var output = new List<byte>();
        for (var length = (uint)bytes.Length; ; length >>= 7)
        {
            output.Add((byte)(length < 0x80 ? length : length | 0x80));
            if (length < 0x80)
                break;
        }

        foreach (var (start, literals, offset, length) in MatchPicker.Pick(bytes, random))
        {
            AddLiteral(output, bytes.Slice(start, literals), random);
            AddCopy(output, offset, length, random);
        }

        return [.. output];
    }

    private static void AddLiteral(List<byte> output, ReadOnlySpan<byte> literal, Random random)
    {
        while (!literal.IsEmpty)
        {
            var piece = literal[..(random.Next(6) == 0 ? random.Next(1, literal.Length + 1) : literal.Length)];
            literal = literal[piece.Length..];
            var stored = (uint)piece.Length - 1;
            var lengthBytes = stored < 60 && random.Next(8) != 0 ? 0
                : stored < 1 << 8 ? 1
                : stored < 1 << 16 ? 2
                : stored < 1 << 24 ? 3
                : 4;
            if (lengthBytes == 0)
            {
                output.Add((byte)(stored << 2));
            }
            else
            {
                output.Add((byte)((59 + lengthBytes) << 2));
                for (var i = 0; i < lengthBytes; i++)
                    output.Add((byte)(stored >> (8 * i)));
            }

            output.AddRange(piece);
        }
    }

    private static void AddCopy(List<byte> output, int offset, int length, Random random)
    {
        while (length > 0)
        {
            var piece = Math.Min(length, random.Next(3) == 0 ? random.Next(1, 65) : 64);
            length -= piece;
            if (piece is >= 4 and <= 11 && offset < 1 << 11 && random.Next(4) != 0)
                output.AddRange([(byte)(1 | (piece - 4) << 2 | offset >> 8 << 5), (byte)offset]);
            else if (offset < 1 << 16 && random.Next(16) != 0)
                output.AddRange([(byte)(2 | (piece - 1) << 2), (byte)offset, (byte)(offset >> 8)]);
            else
                output.AddRange([(byte)(3 | (piece - 1) << 2), .. BitConverter.GetBytes(offset)]);
        }
    }
}
