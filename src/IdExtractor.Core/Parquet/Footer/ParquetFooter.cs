using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet.Thrift;

namespace IdExtractor.Core.Parquet.Footer;

/// <summary>
/// The file metadata of one Parquet file. The schema is read at once; row groups are read for the columns that somebody asks for, so that wide tables cost little.
/// </summary>
public sealed class ParquetFooter
{
    private readonly ReadOnlyMemory<byte> _thrift;
    private readonly int _rowGroupsPosition;
    private readonly ParquetLimits _limits;
    private readonly HintTrust _trust;

    private ParquetFooter(string file, long fileLength, ReadOnlyMemory<byte> thrift, ParquetLimits limits, FileMetadataFields fields)
    {
        File = file;
        FileLength = fileLength;
        _thrift = thrift;
        _limits = limits;
        Columns = fields.Columns;
        CreatedBy = fields.CreatedBy;
        RowGroupCount = fields.RowGroupCount;
        _rowGroupsPosition = fields.RowGroupsPosition;
        _trust = new HintTrust(WriterVersion.Parse(fields.CreatedBy), fields.TypeOrders);
        RowCount = ReadRowGroups([]).Sum(group => group.RowCount);
    }

    /// <summary>Name of the file, for messages.</summary>
    public string File { get; }

    /// <summary>Bytes in the file.</summary>
    public long FileLength { get; }

    /// <summary>Rows: the sum over the row groups. The total that the file claims beside them is not trusted.</summary>
    public long RowCount { get; }

    /// <summary>Row groups, 0 or more.</summary>
    public int RowGroupCount { get; }

    /// <summary>The writer's name for itself; empty when it gives none.</summary>
    public string CreatedBy { get; }

    /// <summary>All leaves of the schema, in file order.</summary>
    public IReadOnlyList<ColumnDescriptor> Columns { get; }

    /// <summary>Parses the footer.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="fileLength">Bytes in the file; bounds every offset.</param>
    /// <param name="thrift">The footer's bytes, as <see cref="FooterTail"/> tells; kept.</param>
    /// <param name="limits">Limits to hold.</param>
    /// <exception cref="CorruptFileException">The footer is malformed.</exception>
    /// <exception cref="UnsupportedFileException">The file is encrypted.</exception>
    public static ParquetFooter Parse(string file, long fileLength, ReadOnlyMemory<byte> thrift, ParquetLimits limits)
    {
        try
        {
            return new ParquetFooter(file, fileLength, thrift, limits, FileMetadataFields.Read(file, thrift.Span, limits));
        }
        catch (ThriftFormatException e)
        {
            throw Malformed(file, fileLength, thrift.Length, e);
        }
    }

    /// <summary>The row groups with the chunks of some columns, in the order in which these are given.</summary>
    /// <exception cref="CorruptFileException">A row group is malformed, or a chunk of these columns contradicts the schema, or a chunk points outside the part of the file that is for pages.</exception>
    /// <exception cref="UnsupportedFileException">A chunk of these columns is encrypted or lies in another file.</exception>
    public IReadOnlyList<RowGroup> ReadRowGroups(IReadOnlyList<ColumnDescriptor> columns)
    {
        try
        {
            var reader = new CompactReader(_thrift.Span[_rowGroupsPosition..], _limits.MaxDepth);
            var count = RowGroupCount == 0 ? 0 : reader.ReadList(ThriftType.List, out _);
            var groups = new RowGroup[count];
            var parser = new RowGroupParser(File, FileLength - FooterTail.Length - _thrift.Length, Columns.Count, columns, _trust, _thrift[_rowGroupsPosition..]);
            for (var i = 0; i < count; i++)
                groups[i] = parser.Read(ref reader, i, isLast: i == count - 1);
            return groups;
        }
        catch (ThriftFormatException e)
        {
            throw Malformed(File, FileLength, _thrift.Length - _rowGroupsPosition, e);
        }
    }

    private static CorruptFileException Malformed(string file, long fileLength, int bytesToEnd, ThriftFormatException e) =>
        new($"The footer is malformed ({e.Message})", new ErrorPlace
        {
            Object = file,
            Offset = fileLength - FooterTail.Length - bytesToEnd + e.Position,
        }, "rewrite or remove the file", e);
}
