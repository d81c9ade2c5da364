using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// The metadata of one Parquet file. The schema and the places of the row groups are read
/// immediately; chunks are parsed only for the requested columns, so that wide tables stay cheap.
/// </summary>
public sealed class ParquetFooter
{
    /// <summary>Pages start after the magic.</summary>
    private const long FirstOffset = 4;

    private readonly ReadOnlyMemory<byte> _thrift;
    private readonly RowGroupMap _rowGroups;
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
        _rowGroups = fields.RowGroups!;
        _trust = new HintTrust(WriterVersion.Parse(fields.CreatedBy), fields.TypeOrders);
        UnaccountedBytes = StartOf(fileLength, thrift.Length) - Math.Max(FirstOffset, _rowGroups.End);
    }

    /// <summary>Name of the file, for messages.</summary>
    public string File { get; }

    /// <summary>Bytes in the file.</summary>
    public long FileLength { get; }

    /// <summary>Rows: the sum over the row groups. The file's own total is not trusted.</summary>
    public long RowCount => _rowGroups.RowCount;

    /// <summary>
    /// Bytes between the end of the last page, index or bloom filter that the footer names and the
    /// start of the footer. 0 in most files.
    /// </summary>
    public long UnaccountedBytes { get; }

    /// <summary>Row groups, 0 or more.</summary>
    public int RowGroupCount => _rowGroups.Count;

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
            var fields = FileMetadataFields.Read(file, StartOf(fileLength, thrift.Length), thrift.Span, limits);
            return new ParquetFooter(file, fileLength, thrift, limits, fields);
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
            var reader = new CompactReader(_thrift.Span, _limits.MaxDepth);
            reader.ContinueAt(_rowGroups.Start);
            var groups = new RowGroup[RowGroupCount];
            var parser = new RowGroupParser(File, StartOf(FileLength, _thrift.Length), Columns.Count, columns, _trust, _thrift);
            for (var (i, wide) = (0, 0); i < groups.Length; i++)
            {
                if (wide < _rowGroups.Wide.Count && _rowGroups.Wide[wide] is var place && place.Group == i)
                {
                    wide++;
                    if (i < groups.Length - 1)
                    {
                        groups[i] = parser.ReadWide(ref reader, place, _rowGroups);
                        continue;
                    }
                }

                groups[i] = parser.Read(ref reader, i, isLast: i == groups.Length - 1);
            }

            return groups;
        }
        catch (ThriftFormatException e)
        {
            throw Malformed(File, FileLength, _thrift.Length, e);
        }
    }

    private static long StartOf(long fileLength, int thriftLength) => fileLength - FooterTail.Length - thriftLength;

    private static CorruptFileException Malformed(string file, long fileLength, int thriftLength, ThriftFormatException e) =>
        new($"The footer is malformed ({e.Message})", new ErrorPlace
        {
            Object = file,
            Offset = StartOf(fileLength, thriftLength) + e.Position,
        }, "rewrite or remove the file", e);
}
