namespace IdExtractor.Testing.Pages;

/// <summary>A plain Snappy compressor.</summary>
internal static class SnappyPage
{
    private const int LongestCopy = 64;
    private const int LongestLiteral = 60;

    public static byte[] Compress(byte[] data)
    {
        var output = new EncodedBytes().AddVarint((ulong)data.Length);
        foreach (var (bytes, offset, length) in EarlierBytes.Split(data, LongestCopy))
        {
            AddLiterals(output, bytes);
            if (length > 0)
                output.Add((byte)((length - 1) << 2 | 2), (byte)offset, (byte)(offset >> 8));
        }

        return output.ToArray();
    }

    private static void AddLiterals(EncodedBytes output, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, LongestLiteral)..])
        {
            var part = bytes[..Math.Min(bytes.Length, LongestLiteral)];
            output.Add((byte)((part.Length - 1) << 2)).Add(part.ToArray());
        }
    }
}
