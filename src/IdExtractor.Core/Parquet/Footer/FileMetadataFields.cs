using System.Text;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet.Thrift;

namespace IdExtractor.Core.Parquet.Footer;

/// <summary>The fields of <c>FileMetaData</c> (parquet.thrift) that a scan needs; the row groups are only located.</summary>
internal sealed class FileMetadataFields
{
    public IReadOnlyList<ColumnDescriptor> Columns { get; private set; } = [];

    public string CreatedBy { get; private set; } = "";

    public int RowGroupCount { get; private set; }

    public int RowGroupsPosition { get; private set; }

    public bool HasColumnOrders { get; private set; }

    public static FileMetadataFields Read(string file, ReadOnlySpan<byte> thrift, ParquetLimits limits)
    {
        var fields = new FileMetadataFields();
        var reader = new CompactReader(thrift, limits.MaxDepth);
        var hasSchema = false;
        var hasRowGroups = false;
        reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 2:
                    fields.Columns = SchemaParser.Read(ref reader, type, limits);
                    hasSchema = true;
                    break;
                case 3:
                    if (reader.ReadI64(type) < 0)
                        throw new ThriftFormatException("a negative number of rows", reader.Position);
                    break;
                case 4:
                    fields.LocateRowGroups(ref reader, type, limits);
                    hasRowGroups = true;
                    break;
                case 6:
                    fields.CreatedBy = Encoding.UTF8.GetString(reader.ReadBinary(type));
                    break;
                case 7:
                    fields.HasColumnOrders = true;
                    reader.Skip(type);
                    break;
                case 8:
                    throw new UnsupportedFileException("Encrypted Parquet file", ErrorPlace.Of(file), "write it without encryption");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (!hasSchema)
            throw new ThriftFormatException("no schema", reader.Position);
        if (!hasRowGroups)
            throw new ThriftFormatException("no list of row groups", reader.Position);
        return fields;
    }

    private void LocateRowGroups(ref CompactReader reader, ThriftType type, ParquetLimits limits)
    {
        RowGroupsPosition = reader.Position;
        var count = reader.ReadList(type, out var elementType);
        if (count > 0)
            reader.Expect(elementType, ThriftType.Struct);
        if (count > limits.MaxRowGroups)
            throw new ThriftFormatException($"more than {limits.MaxRowGroups} row groups", reader.Position);
        RowGroupCount = count;
        for (var i = 0; i < count; i++)
            reader.Skip(ThriftType.Struct);
    }
}
