using System.IO.Hashing;
using IdExtractor.Fuzz.Mutation;

namespace IdExtractor.Fuzz.Hints;

/// <summary>
/// The pages of one column in one row group, as they were written, and the hints for them, which
/// can be changed or removed before they are written.
/// </summary>
internal sealed class HintedChunk
{
    private static readonly uint[] s_salts = [
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    ];

    /// <summary>The column.</summary>
    public required HintedColumn Column { get; init; }

    /// <summary>The row group.</summary>
    public required int Group { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>First byte of the first page.</summary>
    public required long Start { get; init; }

    /// <summary>Bytes of the pages.</summary>
    public required long Length { get; init; }

    /// <summary><c>Statistics</c>; null for none.</summary>
    public ThriftNode? Statistics { get; set; }

    /// <summary><c>ColumnIndex</c>; null for none.</summary>
    public ThriftNode? ColumnIndex { get; set; }

    /// <summary><c>OffsetIndex</c>; null for none.</summary>
    public ThriftNode? OffsetIndex { get; set; }

    /// <summary>The bits of the bloom filter; null for none.</summary>
    public byte[]? Bloom { get; set; }

    /// <summary>Writes true hints for pages.</summary>
    /// <param name="column">The column.</param>
    /// <param name="group">The row group.</param>
    /// <param name="pages">Where the pages are, and their values.</param>
    public static HintedChunk Of(HintedColumn column, int group, IReadOnlyList<HintedPage> pages)
    {
        var values = pages.SelectMany(page => page.Values).ToArray();
        var chunk = new HintedChunk
        {
            Column = column,
            Group = group,
            Rows = values.Length,
            Start = pages[0].Offset,
            Length = pages.Sum(page => page.Size)
        };
        chunk.Statistics = ThriftNode.Struct(new ThriftField(3, ThriftNode.Long(values.Count(value => value is null))));
        if (values.Any(value => value is not null))
        {
            chunk.Statistics.Set(5, chunk.Bound(values.Max()));
            chunk.Statistics.Set(6, chunk.Bound(values.Min()));
        }

        chunk.ColumnIndex = ThriftNode.Struct(
            new(1, ThriftNode.ListOf(WireType.True, pages.Select(page => ThriftNode.Boolean(page.IsNull)))),
            new(2, ThriftNode.ListOf(WireType.Binary, pages.Select(page => chunk.Bound(page.Values.Min())))),
            new(3, ThriftNode.ListOf(WireType.Binary, pages.Select(page => chunk.Bound(page.Values.Max())))),
            new(4, ThriftNode.Integer(0)),
            new(5, ThriftNode.ListOf(WireType.I64, pages.Select(page => ThriftNode.Long(page.Values.Count(value => value is null))))));
        var firstRow = 0L;
        chunk.OffsetIndex = ThriftNode.Struct(new ThriftField(1, ThriftNode.ListOf(WireType.Struct, pages.Select(page =>
        {
            var place = ThriftNode.Struct(
                new(1, ThriftNode.Long(page.Offset)), new(2, ThriftNode.Integer(page.Size)), new(3, ThriftNode.Long(firstRow)));
            firstRow += page.Values.Length;
            return place;
        }))));
        chunk.Bloom = BloomOf(values.OfType<long>().Select(column.Stored));
        return chunk;
    }

    private ThriftNode Bound(long? value) => ThriftNode.Binary(value is { } number ? Column.Stored(number) : []);

    /// <summary>A split-block bloom filter, by the format's description.</summary>
    private static byte[] BloomOf(IEnumerable<byte[]> values)
    {
        const int Blocks = 32;
        var words = new uint[Blocks * s_salts.Length];
        foreach (var value in values)
        {
            var hash = XxHash64.HashToUInt64(value);
            var block = (int)(((hash >> 32) * Blocks) >> 32) * s_salts.Length;
            for (var i = 0; i < s_salts.Length; i++)
                words[block + i] |= 1U << (int)(((uint)hash * s_salts[i]) >> 27);
        }

        return [.. words.SelectMany(BitConverter.GetBytes)];
    }
}

/// <summary>A data page that has been written.</summary>
/// <param name="Offset">First byte of its header.</param>
/// <param name="Size">Bytes with the header.</param>
/// <param name="Values">A value per row.</param>
internal sealed record HintedPage(long Offset, int Size, long?[] Values)
{
    /// <summary>It holds nulls only.</summary>
    public bool IsNull => Values.All(value => value is null);
}
