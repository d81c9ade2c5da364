using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Compression;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Converts the body of a page, as stored in the file, to its uncompressed bytes.
/// </summary>
internal static unsafe class PageBody
{
    /// <summary>
    /// Decompresses a whole body. The result begins with the levels of a second-version page, as
    /// stored in the file. Before memory is allocated, the size in the header is checked against
    /// the most that the compressed bytes can produce.
    /// </summary>
    /// <param name="context">The chunk.</param>
    /// <param name="header">The page's header.</param>
    /// <param name="offset">Where the page starts in the file, for messages.</param>
    /// <param name="body">The body as stored in the file.</param>
    /// <param name="target">Receives the result when it has to be produced.</param>
    /// <param name="keepCopy">Forces the result into <paramref name="target"/> even when nothing is
    /// compressed.</param>
    /// <returns>The uncompressed bytes, <see cref="PageHeader.UncompressedSize"/> of them: in
    /// <paramref name="target"/>, or <paramref name="body"/> itself.</returns>
    public static byte* Decompress(
        ChunkContext context, in PageHeader header, long offset, byte* body, NativeBuffer target, bool keepCopy = false)
    {
        var codec = context.Chunk.Codec;
        var levels = header.Type == PageType.DataV2 ? header.DefinitionLevelsSize + header.RepetitionLevelsSize : 0;
        var isPlain = codec == CompressionCodec.Uncompressed || !header.IsCompressed;
        var compressed = header.CompressedSize - levels;
        var uncompressed = header.UncompressedSize - levels;
        if (isPlain && compressed != uncompressed)
        {
            context.ThrowCorrupt(
                "The two sizes of an uncompressed page differ", offset, $"{header.CompressedSize} bytes", $"{header.UncompressedSize}");
        }

        if (isPlain && !keepCopy)
            return body;
        if (!isPlain && !PageCodec.IsSupported(codec))
            context.ThrowUnsupported($"Compression codec {codec} is not read", offset);
        if (!isPlain && uncompressed > PageCodec.MaxOutput(codec, compressed))
        {
            context.ThrowCorrupt(
                "A page claims more bytes than its compressed bytes can hold", offset, $"at most {PageCodec.MaxOutput(codec, compressed)}",
                $"{uncompressed}");
        }

        context.Reserve(target, header.UncompressedSize, keep: 0, header.Type == PageType.Dictionary ? "dictionary" : "page", offset);
        if (isPlain)
        {
            Buffer.MemoryCopy(body, target.Pointer, target.Capacity, header.UncompressedSize);
            return target.Pointer;
        }

        Buffer.MemoryCopy(body, target.Pointer, target.Capacity, levels);

        // When a page holds only nulls, some writers omit the compressed part and others write the
        // compressed form of an empty input.
        if (uncompressed == 0)
            return target.Pointer;
        var status = PageCodec.Decompress(
            codec, new ReadOnlySpan<byte>(body + levels, compressed), new Span<byte>(target.Pointer + levels, uncompressed));
        if (status != DecodeStatus.Ok)
            context.Throw($"{codec} data", status, offset);
        return target.Pointer;
    }
}
