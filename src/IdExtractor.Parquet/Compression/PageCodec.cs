using IdExtractor.Parquet.Compression.Deflate;
using IdExtractor.Parquet.Compression.Zstd;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// The page codecs of parquet-format's Compression.md: one page body in, exactly the page's
/// declared number of bytes out. Bad input gives a status, never an exception or an access outside
/// the buffers. Decoders keep their state per thread, so all members are thread safe.
/// </summary>
public static class PageCodec
{
    /// <summary>
    /// What decodes Zstandard and GZIP pages in this process, by codec. The environment
    /// variables <c>IDEXTRACTOR_ZSTD</c> and <c>IDEXTRACTOR_GZIP</c> force a backend,
    /// <c>managed</c> or <c>native</c>.
    /// </summary>
    public static IReadOnlyList<(string Codec, string Name)> Decoders =>
    [
        ("zstd", ZstdPageDecoder.Backend switch
        {
            CodecBackend.Native => $"libzstd {VersionText(ZstdLibrary.Instance!.Version)}, {Origin(ZstdLibrary.Instance.IsLinked)}",
            CodecBackend.Managed => $"managed ({VersionText(ZstdPort.Instance.Version)})",
            _ => "none",
        }),
        ("gzip", Inflate.Backend switch
        {
            CodecBackend.Native => $"libdeflate, {Origin(DeflateLibrary.Instance!.IsLinked)}",
            CodecBackend.Managed => "managed",
            _ => "none",
        }),
    ];

    /// <summary>
    /// Whether this process can read pages of a codec. It cannot read LZO, nor Zstandard and GZIP
    /// where the environment requires a library that is absent.
    /// </summary>
    public static bool IsSupported(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Zstd => ZstdPageDecoder.Backend != CodecBackend.None,
        CompressionCodec.Gzip => Inflate.Backend != CodecBackend.None,
        CompressionCodec.Uncompressed or CompressionCodec.Snappy or CompressionCodec.Brotli
            or CompressionCodec.Lz4 or CompressionCodec.Lz4Raw => true,
        _ => false,
    };

    /// <summary>
    /// Decompresses one page body. The content of <paramref name="destination"/> is undefined
    /// unless the result is <see cref="DecodeStatus.Ok"/>.
    /// </summary>
    /// <param name="codec">The column chunk's codec.</param>
    /// <param name="source">
    /// The page body and nothing else. An empty body is an empty page in every codec: writers omit
    /// a stream without values.
    /// </param>
    /// <param name="destination">
    /// As long as the page's declared uncompressed size, and not overlapping
    /// <paramref name="source"/>.
    /// </param>
    /// <returns>
    /// <see cref="DecodeStatus.OutputTooLong"/> and <see cref="DecodeStatus.OutputTooShort"/> when
    /// the body does not give exactly that many bytes, <see cref="DecodeStatus.InvalidLength"/>
    /// when something follows the stream, <see cref="DecodeStatus.Unsupported"/> for codecs and
    /// variants that are not supported, other statuses for bodies that violate their format.
    /// </returns>
    public static DecodeStatus Decompress(CompressionCodec codec, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (!IsSupported(codec))
            return DecodeStatus.Unsupported;
        if (source.IsEmpty)
            return destination.IsEmpty ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
        return codec switch
        {
            CompressionCodec.Uncompressed => Copy(source, destination),
            CompressionCodec.Snappy => SnappyDecoder.Decode(source, destination),
            CompressionCodec.Gzip => GzipDecoder.Decode(source, destination),
            CompressionCodec.Brotli => BrotliPageDecoder.Decode(source, destination),
            CompressionCodec.Lz4 => Lz4HadoopDecoder.Decode(source, destination),
            CompressionCodec.Lz4Raw => Lz4BlockDecoder.Decode(source, destination),
            _ => ZstdPageDecoder.Decode(source, destination),
        };
    }

    /// <summary>
    /// The most bytes that a body of <paramref name="compressedLength"/> bytes can decompress to. A
    /// page that declares more is corrupt and is rejected before its buffer is allocated. Never
    /// less than what is possible; <see cref="long.MaxValue"/> where the product is larger.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static long MaxOutput(CompressionCodec codec, long compressedLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(compressedLength);

        // Minimum bytes of input for a maximum of bytes of output. Snappy: a copy of three bytes
        // gives 64. Deflate: a bit of length and a bit of distance give 258. Brotli: more than 27
        // bits of meta-block header for 16 MiB. LZ4: a length byte adds 255. Zstandard: no block
        // takes less than four bytes or gives more than 128 KiB.
        var (input, output) = codec switch
        {
            CompressionCodec.Uncompressed => (1L, 1L),
            CompressionCodec.Snappy => (3, 64),
            CompressionCodec.Gzip => (1, 4 * 258),
            CompressionCodec.Brotli => (3, 1 << 24),
            CompressionCodec.Lz4 or CompressionCodec.Lz4Raw => (1, 255),
            CompressionCodec.Zstd => (4, ZstdBlocks.MaxBlock),
            _ => (1, 0),
        };
        var bound = (UInt128)(ulong)compressedLength * (ulong)output / (ulong)input;
        return bound > long.MaxValue ? long.MaxValue : (long)bound;
    }

    private static string VersionText(uint version) => $"{version / 10000}.{version / 100 % 100}.{version % 100}";

    private static string Origin(bool isLinked) => isLinked ? "part of the program" : "of this machine";

    private static DecodeStatus Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length != destination.Length)
            return source.Length > destination.Length ? DecodeStatus.OutputTooLong : DecodeStatus.OutputTooShort;
        source.CopyTo(destination);
        return DecodeStatus.Ok;
    }
}
