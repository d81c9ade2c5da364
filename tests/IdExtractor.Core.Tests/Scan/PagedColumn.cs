using IdExtractor.Core.Tests.Plan;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// One column of a <see cref="PagedFile"/>: its stored values, cut into PLAIN pages of a fixed
/// number of rows.
/// </summary>
/// <param name="Schema">Name and type; optional columns only.</param>
/// <param name="Values">A value a row, as PLAIN stores it but without a length prefix; null for
/// null.</param>
/// <param name="PageRows">Rows a page; the last may have fewer.</param>
/// <param name="Order">How values compare, for bounds.</param>
internal sealed record PagedColumn(SketchColumn Schema, byte[]?[] Values, int PageRows, Comparison<byte[]> Order)
{
    /// <summary>
    /// Split the bytes of the values by their places, so that every page has to be read whole.
    /// </summary>
    public bool IsSplit { get; init; }

    /// <summary>Changes the page index before it is written; null to write the true one.</summary>
    public Action<PageIndexSketch>? Tamper { get; init; }

    /// <summary>Write the bounds into the deprecated fields of the statistics.</summary>
    public bool HasLegacyStatistics { get; init; }

    /// <summary>Write no bounds into the footer.</summary>
    public bool HasNoStatistics { get; init; }

    /// <summary>Write these bounds into the footer, true or not.</summary>
    public (byte[] Min, byte[] Max)? FooterBounds { get; init; }

    /// <summary>Leave the number of nulls out of the footer.</summary>
    public bool HasNoNullCount { get; init; }

    /// <summary>The bits of a bloom filter; null for none.</summary>
    public byte[]? BloomFilter { get; init; }

    public static PagedColumn Text(string name, IEnumerable<string?> values, int pageRows) => new(
        new SketchColumn(name) { Converted = 0 },
        [.. values.Select(value => value is null ? null : System.Text.Encoding.ASCII.GetBytes(value))], pageRows,
        (left, right) => left.AsSpan().SequenceCompareTo(right));

    public static PagedColumn Int64(string name, IEnumerable<long?> values, int pageRows) => new(
        new SketchColumn(name, PhysicalType.Int64), [.. values.Select(value => value is { } number ? BitConverter.GetBytes(number) : null)],
        pageRows,
        (left, right) => BitConverter.ToInt64(left).CompareTo(BitConverter.ToInt64(right)));

    public static PagedColumn UInt32(string name, IEnumerable<uint?> values, int pageRows) => new(
        new SketchColumn(name, PhysicalType.Int32) { Converted = 13 },
        [.. values.Select(value => value is { } number ? BitConverter.GetBytes(number) : null)], pageRows,
        (left, right) => BitConverter.ToUInt32(left).CompareTo(BitConverter.ToUInt32(right)));

    /// <summary>Fourteen characters in as many bytes.</summary>
    public static PagedColumn FixedText(string name, IEnumerable<string?> values, int pageRows) =>
        Text(name, values, pageRows) with { Schema = new SketchColumn(name, PhysicalType.FixedLenByteArray) { TypeLength = 14 } };

    /// <summary>DECIMAL(18,0) in eight bytes, big endian.</summary>
    public static PagedColumn FixedDecimal(string name, IEnumerable<long?> values, int pageRows) => new(
        new SketchColumn(name, PhysicalType.FixedLenByteArray) { TypeLength = 8, Converted = 5, Precision = 18 },
        [.. values.Select(value => value is { } number ? BitConverter
            .GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(number)) : null)],
        pageRows,
        (left, right) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(left).CompareTo(
            System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(right)));
}

/// <summary>A page index before it is written.</summary>
internal sealed class PageIndexSketch
{
    public List<(long Offset, int Size, long FirstRow)> Pages { get; } = [];

    public List<bool> NullPages { get; } = [];

    public List<byte[]> Min { get; } = [];

    public List<byte[]> Max { get; } = [];

    public List<long> NullCounts { get; } = [];

    public bool HasNullCounts { get; set; } = true;

    /// <summary>0 unordered, 1 ascending, 2 descending.</summary>
    public int Order { get; set; }

    /// <summary>Written in place of the column index, when it is set.</summary>
    public byte[]? Bounds { get; set; }
}
