using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Footer;
using IdExtractor.Core.Parquet.Pages;
using IdExtractor.Core.Primitives;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Rules row groups out before a byte of their documents is read: by the bounds in the footer, and, when keys are few, by the bloom filter. Only for documents stored as bytes, whose order
/// and hash the format defines, and only by what is well formed; whatever is missing or odd rules nothing out. Immutable.
/// </summary>
internal sealed class RowGroupPruner(KeySet keys)
{
    /// <summary>With more keys a filter of the usual one in a hundred false answers lets some key pass anyway.</summary>
    private const int MaxKeysForBloomFilter = 256;

    /// <summary>A larger filter costs about as much as a look at the documents.</summary>
    private const int MaxBloomFilterBytes = 1 << 20;

    private readonly KeyBounds _bounds = new(keys);

    /// <summary>True when no document of the chunk can be a key.</summary>
    public bool IsRuledOut(ColumnChunk documents, IObjectReader file, CancellationToken cancellationToken) =>
        IsOrderedBytes(documents.Column) && (IsOutsideBounds(documents.Statistics) || IsDeniedByBloomFilter(documents, file, cancellationToken));

    /// <summary>True when no document of the chunk can be a key, or when only a look at its bloom filter tells. Reads nothing.</summary>
    public bool MayRuleOut(ColumnChunk documents) =>
        IsOrderedBytes(documents.Column)
        && (IsOutsideBounds(documents.Statistics) || (keys.Count <= MaxKeysForBloomFilter && documents.BloomFilter is { Offset: > 0 }));

    private static bool IsOrderedBytes(ColumnDescriptor column) =>
        column.Physical is PhysicalType.ByteArray or PhysicalType.FixedLenByteArray
        && column.Logical.Kind is LogicalKind.None or LogicalKind.String or LogicalKind.Enum or LogicalKind.Json or LogicalKind.Bson;

    /// <summary>The older fields are of no use: writers filled them by signed comparison of bytes.</summary>
    private bool IsOutsideBounds(ColumnStatistics? statistics) =>
        statistics is { IsLegacy: false, Min: { } min, Max: { } max }
        && min.Span.SequenceCompareTo(max.Span) <= 0
        && !_bounds.AnyBetween(min.Span, max.Span);

    private bool IsDeniedByBloomFilter(ColumnChunk documents, IObjectReader file, CancellationToken cancellationToken)
    {
        if (keys.Count > MaxKeysForBloomFilter || documents.BloomFilter is not { Offset: > 0 } range || range.Offset >= file.Length)
            return false;
        var room = file.Length - range.Offset;
        var head = Read(file, range.Offset, (int)Math.Min(BloomFilterHeader.MaxSize, room), cancellationToken);
        if (!BloomFilterHeader.TryRead(head, out var headerSize, out var bitsetSize))
            return false;

        // A header that contradicts the footer's length belongs to a filter of another size, which would deny what is there.
        if (bitsetSize > MaxBloomFilterBytes || headerSize + (long)bitsetSize > room || (range.Length is { } length && length != headerSize + bitsetSize))
            return false;
        if (!BloomFilter.TryCreate(Read(file, range.Offset + headerSize, bitsetSize, cancellationToken), out var filter))
            return false;
        for (var i = 0; i < keys.Count; i++)
        {
            if (filter.MayContain(XxHash64.Compute(keys[i])))
                return false;
        }

        return true;
    }

    private static byte[] Read(IObjectReader file, long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var read = file.ReadAsync(offset, bytes, cancellationToken);
        if (!read.IsCompletedSuccessfully)
            read.AsTask().GetAwaiter().GetResult();
        return bytes;
    }
}
