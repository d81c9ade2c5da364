using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Where the data pages of a chunk start. Reads only the page headers, ahead of the bodies, for
/// sources where that is cheap. Immutable.
/// </summary>
internal sealed class PageOutline
{
    /// <summary>The most pages in a chunk; chunks with more get no outline.</summary>
    private const int MaxPages = 1 << 16;

    /// <summary>
    /// The longest header, in bytes; chunks with longer ones get no outline. Common writers produce
    /// headers of 20 to 300 bytes.
    /// </summary>
    private const int MaxHeaderBytes = 1 << 12;

    private const int FirstReadBytes = 256;

    private readonly List<PagePlace> _pages = [];

    private PageOutline()
    {
    }

    /// <summary>
    /// The data pages in order, followed by a sentinel: the end of the chunk and its number of
    /// rows.
    /// </summary>
    public IReadOnlyList<PagePlace> Pages => _pages;

    /// <summary>
    /// Length of the bytes before the first data page: the dictionary, if there is one.
    /// </summary>
    public long LeadLength { get; private set; }

    /// <summary>Walks the headers of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="source">The chunk's bytes, positioned at the first.</param>
    /// <param name="limits">Limits to enforce.</param>
    /// <returns>Null for a chunk that is unusual or damaged in any way. The reader of the whole
    /// chunk reports the error.</returns>
    public static PageOutline? TryRead(ColumnChunk chunk, ChunkSource source, ParquetLimits limits)
    {
        var outline = new PageOutline();
        var buffer = new byte[MaxHeaderBytes];
        long at = 0;
        long row = 0;
        var have = 0;
        while (at < chunk.Length && row < chunk.ValueCount)
        {
            if (outline._pages.Count == MaxPages || !TryReadHeader(source, buffer, ref have, chunk.Length - at, limits, out var header))
                return null;
            var size = header.HeaderSize + (long)header.CompressedSize;
            if (size > chunk.Length - at)
                return null;
            if (header.IsData)
            {
                if (outline._pages.Count == 0)
                    outline.LeadLength = at;
                outline._pages.Add(new PagePlace(chunk.Offset + at, row));
                row += header.ValueCount;
            }

            // Bytes read past the end of this page belong to the next.
            var kept = (int)Math.Max(0, have - size);
            Buffer.BlockCopy(buffer, have - kept, buffer, 0, kept);
            if (size > have)
                source.Skip(size - have);
            have = kept;
            at += size;
        }

        outline._pages.Add(new PagePlace(chunk.Offset + chunk.Length, row));
        return row == chunk.ValueCount ? outline : null;
    }

    private static bool TryReadHeader(
        ChunkSource source, byte[] buffer, ref int have, long left, ParquetLimits limits, out PageHeader header)
    {
        header = default;
        for (var want = FirstReadBytes; want <= MaxHeaderBytes; want *= 4)
        {
            var most = (int)Math.Min(want, left);
            while (have < most)
            {
                var read = source.Read(buffer.AsMemory(have, most - have));
                if (read == 0)
                    return false;
                have += read;
            }

            try
            {
                if (PageHeaderParser.TryRead(buffer.AsSpan(0, have), limits, out header))
                    return true;
            }
            catch (ThriftFormatException)
            {
                return false;
            }
        }

        return false;
    }
}

/// <summary>Where a data page starts.</summary>
/// <param name="Offset">First byte of its header in the file.</param>
/// <param name="FirstRow">Rows of the chunk before the page.</param>
internal readonly record struct PagePlace(long Offset, long FirstRow);
