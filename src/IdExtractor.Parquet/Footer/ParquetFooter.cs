using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// The metadata of one Parquet file. The schema is parsed immediately; row groups are parsed only
/// for the requested columns, so that wide tables stay cheap.
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
        (RowCount, UnaccountedBytes) = ReadTotals();
    }

    /// <summary>Name of the file, for messages.</summary>
    public string File { get; }

    /// <summary>Bytes in the file.</summary>
    public long FileLength { get; }

    /// <summary>Rows: the sum over the row groups. The file's own total is not trusted.</summary>
    public long RowCount { get; }

    /// <summary>
    /// Bytes between the end of the last page, index or bloom filter that the footer names and the
    /// start of the footer. 0 in most files.
    /// </summary>
    public long UnaccountedBytes { get; }

    /// <summary>Row groups, 0 or more.</summary>
    public int RowGroupCount { get; }

    /// <summary>The writer's own name; empty when it gives none.</summary>
    public string CreatedBy { get; }

    /// <summary>All leaves of the schema, in file order.</summary>
    public IReadOnlyList<ColumnDescriptor> Columns { get; }

    /// <summary>Parses the footer.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="fileLength">Bytes in the file; bounds every offset.</param>
    /// <param name="thrift">The footer's bytes, located with <see cref="FooterTail"/>;
    /// retained.</param>
    /// <param name="limits">Limits to enforce.</param>
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

    /// <summary>The row groups with the chunks of the given columns, in the given order.</summary>
    /// <exception cref="CorruptFileException">A row group is malformed, a chunk of these columns
    /// contradicts the schema, or a chunk points outside the part of the file that holds
    /// pages.</exception>
    /// <exception cref="UnsupportedFileException">A chunk of these columns is encrypted or is
    /// stored in another file.</exception>
    public IReadOnlyList<RowGroup> ReadRowGroups(IReadOnlyList<ColumnDescriptor> columns)
    {
        try
        {
            var reader = OpenRowGroups();
            var groups = new RowGroup[RowGroupCount];
            var parser = ParserOf(columns);
            for (var i = 0; i < groups.Length; i++)
                groups[i] = parser.Read(ref reader, i, isLast: i == groups.Length - 1);
            return groups;
        }
        catch (ThriftFormatException e)
        {
            throw Malformed(File, FileLength, _thrift.Length - _rowGroupsPosition, e);
        }
    }

    /// <summary>
    /// Walks all row groups without storing them, because a file may claim very many.
    /// </summary>
    private (long Rows, long UnaccountedBytes) ReadTotals()
    {
        const long FirstOffset = 4;
        var (rows, end) = (0L, FirstOffset);
        try
        {
            var parser = ParserOf([]);
            var reader = OpenRowGroups();
            for (var i = 0; i < RowGroupCount; i++)
            {
                var group = parser.ReadTotals(ref reader);
                parser.CheckRows(group.Rows, i);
                rows += group.Rows;
                end = Math.Max(end, group.End);
            }
        }
        catch (ThriftFormatException e)
        {
            throw Malformed(File, FileLength, _thrift.Length - _rowGroupsPosition, e);
        }

        return (rows, FooterStart - end);
    }

    private long FooterStart => FileLength - FooterTail.Length - _thrift.Length;

    private CompactReader OpenRowGroups()
    {
        var reader = new CompactReader(_thrift.Span[_rowGroupsPosition..], _limits.MaxDepth);
        if (RowGroupCount > 0)
            reader.ReadList(ThriftType.List, out _);
        return reader;
    }

    private RowGroupParser ParserOf(IReadOnlyList<ColumnDescriptor> columns) =>
        new(File, FooterStart, Columns.Count, columns, _trust, _thrift[_rowGroupsPosition..]);

    private static CorruptFileException Malformed(string file, long fileLength, int bytesToEnd, ThriftFormatException e) =>
        new($"The footer is malformed ({e.Message})", new ErrorPlace
        {
            Object = file,
            Offset = fileLength - FooterTail.Length - bytesToEnd + e.Position,
        }, "rewrite or remove the file", e);
}
