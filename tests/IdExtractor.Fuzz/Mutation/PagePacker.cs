using System.IO.Compression;
using IdExtractor.Parquet;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Compresses page bodies by every codec: the simplest form of the format, or the runtime's own
/// compressor.
/// </summary>
internal static class PagePacker
{
    /// <summary>The supported codecs.</summary>
    public static readonly CompressionCodec[] Codecs =
        [
            CompressionCodec.Uncompressed, CompressionCodec.Snappy, CompressionCodec.Gzip, CompressionCodec.Brotli, CompressionCodec.Zstd,
            CompressionCodec.Lz4Raw, CompressionCodec.Lz4];

    /// <summary>Compresses.</summary>
    public static byte[] Pack(CompressionCodec codec, ReadOnlySpan<byte> bytes, Random random) => codec switch
    {
        CompressionCodec.Snappy => SnappyPacker.Pack(bytes, random),
        CompressionCodec.Gzip => Stream(bytes, output => Deflate(output, random)),
        CompressionCodec.Brotli => Stream(bytes, output => new BrotliStream(output, CompressionLevel.Fastest)),
        CompressionCodec.Zstd => random.Next(3) == 0 ? RawZstd(bytes) : Zstd(bytes, random),
        CompressionCodec.Lz4Raw => Lz4Packer.Pack(bytes, random),
        CompressionCodec.Lz4 => HadoopLz4(bytes, random),
        _ => bytes.ToArray(),
    };

    private static CompressionLevel RandomLevel(Random random) => (CompressionLevel)random.Next(3);

    /// <summary>
    /// The three formats under the name of this codec. The last two have a weaker check, or none,
    /// so that more of what is damaged is decoded to its end.
    /// </summary>
    private static Stream Deflate(Stream output, Random random) => random.Next(3) switch
    {
        0 => new GZipStream(output, RandomLevel(random)),
        1 => new ZLibStream(output, RandomLevel(random)),
        _ => new DeflateStream(output, RandomLevel(random)),
    };

    private static byte[] Stream(ReadOnlySpan<byte> bytes, Func<Stream, Stream> compressor)
    {
        using var output = new MemoryStream();
        using (var stream = compressor(output))
            stream.Write(bytes);
        return output.ToArray();
    }

    /// <summary>
    /// A frame with all that its compressor does: entropy codes, matches, now and then a checksum.
    /// </summary>
    private static byte[] Zstd(ReadOnlySpan<byte> bytes, Random random)
    {
        using var compressor = new Compressor(random.Next(-5, 20));
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, random.Next(2));
        return compressor.Wrap(bytes).ToArray();
    }

    /// <summary>
    /// A frame of raw blocks with a 4-byte content size (RFC 8878, section 3.1.1).
    /// </summary>
    private static byte[] RawZstd(ReadOnlySpan<byte> bytes)
    {
        const int BlockSize = 100_000;
        List<byte> output = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, .. BitConverter.GetBytes(bytes.Length)];
        do
        {
            var block = bytes[..Math.Min(bytes.Length, BlockSize)];
            bytes = bytes[block.Length..];
            var header = block.Length << 3 | (bytes.IsEmpty ? 1 : 0);
            output.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16), .. block]);
        }
        while (!bytes.IsEmpty);
        return [.. output];
    }

    /// <summary>Both lengths, big endian, before the block.</summary>
    private static byte[] HadoopLz4(ReadOnlySpan<byte> bytes, Random random)
    {
        var block = Lz4Packer.Pack(bytes, random);
        return [.. BigEndian(bytes.Length), .. BigEndian(block.Length), .. block];
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
