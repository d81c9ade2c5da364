using System.Text;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// The fields of <c>FileMetaData</c> (parquet.thrift) that a scan needs. Of the row groups, only
/// their places and totals are kept.
/// </summary>
internal sealed class FileMetadataFields
{
    public IReadOnlyList<ColumnDescriptor> Columns { get; private set; } = [];

    public string CreatedBy { get; private set; } = "";

    public RowGroupMap? RowGroups { get; private set; }

    /// <summary>
    /// One entry per leaf: whether the file declares that its bounds have the order of its type.
    /// Empty when there are no declarations, or not one per leaf.
    /// </summary>
    public IReadOnlyList<bool> TypeOrders { get; private set; } = [];

    /// <summary>Reads the footer.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="footerStart">Where the footer starts in the file.</param>
    /// <param name="thrift">The footer.</param>
    /// <param name="limits">Limits to enforce.</param>
    public static FileMetadataFields Read(string file, long footerStart, ReadOnlySpan<byte> thrift, ParquetLimits limits)
    {
        var fields = new FileMetadataFields();
        var reader = new CompactReader(thrift, limits.MaxDepth);
        var hasSchema = false;
        reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 2:
                    fields.Columns = SchemaParser.Read(ref reader, type, limits);
                    hasSchema = true;
                    break;
                case 3 when type == ThriftType.I64:
                    if (reader.ReadI64(type) < 0)
                        throw new ThriftFormatException("a negative number of rows", reader.Position);
                    break;
                case 4:
                    fields.RowGroups = RowGroupMap.Read(ref reader, file, ReadRowGroupCount(ref reader, type, limits), footerStart);
                    break;
                case 6 when type == ThriftType.Binary:
                    fields.CreatedBy = Encoding.UTF8.GetString(reader.ReadBinary(type));
                    break;
                case 7 when type == ThriftType.List:
                    fields.TypeOrders = ReadOrders(ref reader, type);
                    break;
                case 8 when type == ThriftType.Struct:
                    throw new UnsupportedFileException("Encrypted Parquet file", ErrorPlace.Of(file), "write it without encryption");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (!hasSchema)
            throw new ThriftFormatException("no schema", reader.Position);
        if (fields.RowGroups is null)
            throw new ThriftFormatException("no list of row groups", reader.Position);
        if (fields.TypeOrders.Count != fields.Columns.Count)
            fields.TypeOrders = [];
        return fields;
    }

    /// <summary>
    /// <c>ColumnOrder</c> is a union whose first member is the order of the type. Other members,
    /// such as an order for floating-point numbers, are not used here.
    /// </summary>
    private static bool[] ReadOrders(ref CompactReader reader, ThriftType type)
    {
        const int TypeOrder = 1;
        var orders = new bool[reader.ReadList(type, out var elementType)];
        foreach (ref var order in orders.AsSpan())
        {
            if (elementType != ThriftType.Struct)
            {
                reader.SkipElement(elementType);
                continue;
            }

            var outer = reader.BeginStruct();
            while (reader.NextField(out var id, out var memberType))
            {
                order = id == TypeOrder;
                reader.Skip(memberType);
            }

            reader.EndStruct(outer);
        }

        return orders;
    }

    private static int ReadRowGroupCount(ref CompactReader reader, ThriftType type, ParquetLimits limits)
    {
        var count = reader.ReadList(type, out var elementType);
        if (count > 0)
            reader.Expect(elementType, ThriftType.Struct);
        if (count > limits.MaxRowGroups)
            throw new ThriftFormatException($"more than {limits.MaxRowGroups} row groups", reader.Position);
        return count;
    }
}
