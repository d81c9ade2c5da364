namespace IdExtractor.Testing.Pages;

/// <summary>A plain compressor to LZ4 blocks.</summary>
internal static class Lz4Page
{
    public static byte[] Compress(byte[] data)
    {
        var block = new Lz4TestEncoder();
        foreach (var (bytes, offset, length) in EarlierBytes.Split(data, longest: int.MaxValue))
        {
            if (length > 0)
                block.RawSequence(bytes, offset, length);
            else
                block.Last(bytes);
        }

        return block.Block;
    }
}
