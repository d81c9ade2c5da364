using System.IO.Hashing;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Looks the keys up in a chunk's bloom filter. The filter is used only if it contains the chunk's
/// exact bounds: a filter of other bytes (such as the decimal text of integers), of another chunk,
/// or of nothing does not.
/// </summary>
internal static class BloomFilterCheck
{
    /// <summary>Reading a larger filter costs about as much as reading the documents.</summary>
    private const int MaxBytes = 1 << 20;

    private const int LargestUsed = BloomFilterHeader.MaxSize + MaxBytes;

    /// <summary>
    /// True when the chunk has a filter that can be tested with known values. Reads nothing.
    /// </summary>
    public static bool IsPossible(ColumnChunk chunk) =>
        chunk.BloomFilter is { Offset: > 0 } && chunk.Statistics is { } statistics
        && (ExactMin(statistics) ?? ExactMax(statistics)) is not null;

    /// <summary>
    /// The bytes that <see cref="DeniesAll"/> will read: the header, and the filter where the
    /// footer states its length.
    /// </summary>
    public static FileRange? Probable(FileRange? filter) =>
        filter is { } range
            ? range with
            {
                Length = range.Length is > BloomFilterHeader.MaxSize and <= LargestUsed ? range.Length : BloomFilterHeader.MaxSize,
            }
            : null;

    /// <summary>True when the filter contains no key.</summary>
    /// <param name="hashes">Hashes of the keys, as the column stores them.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="file">The chunk's file.</param>
    public static bool DeniesAll(ulong[] hashes, ColumnChunk chunk, SideReader file)
    {
        if (!IsPossible(chunk) || chunk.BloomFilter is not { } range || range.Offset >= file.FileLength)
            return false;
        var room = file.FileLength - range.Offset;
        var head = file.Read(range.Offset, (int)Math.Min(BloomFilterHeader.MaxSize, room));
        if (!BloomFilterHeader.TryRead(head, out var headerSize, out var bitsetSize))
            return false;

        // A header that contradicts the footer's length belongs to a filter of another size, which
        // would deny values that are present.
        if (bitsetSize > MaxBytes || headerSize + (long)bitsetSize > room
            || (range.Length is { } length && length != headerSize + bitsetSize))
            return false;
        if (!BloomFilter.TryCreate(file.Read(range.Offset + headerSize, bitsetSize), out var filter) || !Admits(filter, chunk.Statistics!))
            return false;
        foreach (var hash in hashes)
        {
            if (filter.MayContain(hash))
                return false;
        }

        return true;
    }

    private static bool Admits(BloomFilter filter, ColumnStatistics statistics) =>
        (ExactMin(statistics) is not { } min || filter.MayContain(XxHash64.HashToUInt64(min.Span)))
            && (ExactMax(statistics) is not { } max || filter.MayContain(XxHash64.HashToUInt64(max.Span)));

    /// <summary>
    /// The lower bound, unless the writer states that it may be truncated. Where the writer states
    /// nothing, a truncated bound only makes the filter look wrong, which costs time.
    /// </summary>
    private static ReadOnlyMemory<byte>? ExactMin(ColumnStatistics statistics) => statistics.IsMinExact == false ? null : statistics.Min;

    private static ReadOnlyMemory<byte>? ExactMax(ColumnStatistics statistics) => statistics.IsMaxExact == false ? null : statistics.Max;
}
