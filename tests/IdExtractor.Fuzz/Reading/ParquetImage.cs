using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Fuzz.Reading;

/// <summary>A Parquet file in memory with its footer parsed.</summary>
public sealed class ParquetImage
{
    private ParquetImage(string name, ReadOnlyMemory<byte> bytes, ParquetFooter footer)
    {
        Name = name;
        Bytes = bytes;
        Footer = footer;
    }

    /// <summary>Name of the file, for messages.</summary>
    public string Name { get; }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its metadata.</summary>
    public ParquetFooter Footer { get; }

    /// <summary>
    /// The columns that the product reads: flat, and of a type that keys and ids may have.
    /// </summary>
    public IEnumerable<ColumnDescriptor> ReadableColumns => Footer.Columns.Where(IsReadable);

    /// <summary>Opens a file as the product does: tail, then footer.</summary>
    /// <exception cref="IdExtractorException">The file is refused.</exception>
    public static ParquetImage Open(string name, ReadOnlyMemory<byte> bytes)
    {
        var tail = bytes[Math.Max(0, bytes.Length - FooterTail.Length)..];
        var length = FooterTail.ReadFooterLength(name, tail.Span, bytes.Length, ParquetLimits.Default);
        var footer = bytes.Slice(bytes.Length - FooterTail.Length - length, length);
        return new ParquetImage(name, bytes, ParquetFooter.Parse(name, bytes.Length, footer, ParquetLimits.Default));
    }

    /// <summary>Whether the product reads such a column.</summary>
    public static bool IsReadable(ColumnDescriptor column) =>
        column.IsFlat
            && column.Physical is (PhysicalType.ByteArray or PhysicalType.FixedLenByteArray or PhysicalType.Int32 or PhysicalType.Int64);

    /// <summary>What an error in a chunk needs to name its place.</summary>
    public ChunkContext Context(RowGroup group, int chunk) => new(Name, group.Index, group.Chunks[chunk], ParquetLimits.Default);
}
