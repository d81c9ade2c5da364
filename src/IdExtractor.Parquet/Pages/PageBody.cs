using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Compression;

namespace IdExtractor.Parquet.Pages;

/// <summary>Turns the body of a page, as it stands in the file, into its uncompressed bytes.</summary>
internal static unsafe class PageBody
{
    /// <summary>
    /// Decompresses a whole body. The levels of a second-version page come first in the result, as they stand in the file. The size that the header claims is held against
    /// what the compressed bytes can produce before memory is taken for it.
    /// </summary>
    /// <param name="context">The chunk.</param>
    /// <param name="header">The page's header.</param>
    /// <param name="offset">Where the page begins in the file, for messages.</param>
    /// <param name="body">The body as it stands in the file.</param>
    /// <param name="target">Receives the result, where it has to be made.</param>
    /// <param name="keepCopy">The result must be in <paramref name="target"/> even where nothing is compressed.</param>
    /// <returns>The uncompressed bytes, <see cref="PageHeader.UncompressedSize"/> of them: in <paramref name="target"/>, or <paramref name="body"/> itself.</returns>
    public static byte* Decompress(ChunkContext context, in PageHeader header, long offset, byte* body, NativeBuffer target, bool keepCopy = false)
    {
        var codec = context.Chunk.Codec;
        var levels = header.Type == PageType.DataV2 ? header.DefinitionLevelsSize + header.RepetitionLevelsSize : 0;
        var isPlain = codec == CompressionCodec.Uncompressed || !header.IsCompressed;
        var compressed = header.CompressedSize - levels;
        var uncompressed = header.UncompressedSize - levels;
        if (isPlain && compressed != uncompressed)
        {
            context.ThrowCorrupt("The two sizes of an uncompressed page differ", offset, $"{header.CompressedSize} bytes", $"{header.UncompressedSize}");
        }

        if (isPlain && !keepCopy)
            return body;
        if (!isPlain && !PageCodec.IsSupported(codec))
            context.ThrowUnsupported($"Compression codec {codec} is not read", offset);
        if (!isPlain && uncompressed > PageCodec.MaxOutput(codec, compressed))
        {
            context.ThrowCorrupt("A page claims more bytes than its compressed bytes can hold", offset, $"at most {PageCodec.MaxOutput(codec, compressed)}",
                $"{uncompressed}");
        }

        context.Reserve(target, header.UncompressedSize, keep: 0, header.Type == PageType.Dictionary ? "dictionary" : "page", offset);
        if (isPlain)
        {
            Buffer.MemoryCopy(body, target.Pointer, target.Capacity, header.UncompressedSize);
            return target.Pointer;
        }

        Buffer.MemoryCopy(body, target.Pointer, target.Capacity, levels);

        // Writers leave out the compressed part, or compress nothing into something, when a page holds nulls only.
        if (uncompressed == 0)
            return target.Pointer;
        var status = PageCodec.Decompress(codec, new ReadOnlySpan<byte>(body + levels, compressed), new Span<byte>(target.Pointer + levels, uncompressed));
        if (status != DecodeStatus.Ok)
            context.Throw($"{codec} data", status, offset);
        return target.Pointer;
    }
}
