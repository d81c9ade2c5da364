using System.Text;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Reads the flattened schema tree of <c>FileMetaData.schema</c> into its leaves.
/// </summary>
internal static class SchemaParser
{
    /// <summary>
    /// A group that is being walked: the number of children left, and its levels.
    /// </summary>
    private sealed record OpenGroup(int ChildrenLeft, int DefinitionLevel, int RepetitionLevel, string? Name);

    public static IReadOnlyList<ColumnDescriptor> Read(ref CompactReader reader, ThriftType type, ParquetLimits limits)
    {
        var count = reader.ReadList(type, out var elementType);
        if (count == 0)
            throw new ThriftFormatException("an empty schema", reader.Position);
        reader.Expect(elementType, ThriftType.Struct);
        if (count > limits.MaxSchemaElements)
            throw new ThriftFormatException($"more than {limits.MaxSchemaElements} schema elements", reader.Position);

        var root = SchemaElement.Read(ref reader);
        var open = new Stack<OpenGroup>();
        open.Push(new OpenGroup(root.ChildCount, 0, 0, null));
        var leaves = new List<ColumnDescriptor>();
        for (var i = 1; i < count; i++)
        {
            var element = SchemaElement.Read(ref reader);
            while (open.TryPeek(out var finished) && finished.ChildrenLeft == 0)
                open.Pop();
            if (!open.TryPop(out var parent))
                throw new ThriftFormatException("schema elements outside the root", reader.Position);
            open.Push(parent with { ChildrenLeft = parent.ChildrenLeft - 1 });

            var definition = parent.DefinitionLevel + (element.Repetition == FieldRepetition.Required ? 0 : 1);
            var repetition = parent.RepetitionLevel + (element.Repetition == FieldRepetition.Repeated ? 1 : 0);
            if (element.Physical is null)
            {
                if (open.Count >= limits.MaxDepth)
                    throw new ThriftFormatException($"a schema deeper than {limits.MaxDepth}", reader.Position);
                open.Push(new OpenGroup(element.ChildCount, definition, repetition, element.Name));
                continue;
            }

            leaves.Add(ToColumn(element, leaves.Count, open, definition, repetition));
        }

        while (open.TryPop(out var left))
        {
            if (left.ChildrenLeft != 0)
                throw new ThriftFormatException("a schema with fewer elements than it declares", reader.Position);
        }

        return leaves;
    }

    private static ColumnDescriptor ToColumn(SchemaElement element, int index, Stack<OpenGroup> open, int definition, int repetition) =>
        new()
        {
            Index = index,
            Path = [.. open.Reverse().Select(group => group.Name).OfType<string>(), element.Name],
            Physical = element.Physical!.Value,
            TypeLength = element.Physical == PhysicalType.FixedLenByteArray ? element.TypeLength : 0,
            Logical = element.ToLogicalType(),
            MaxDefinitionLevel = definition,
            MaxRepetitionLevel = repetition,
        };
}

/// <summary>Repetition, numbered as in parquet.thrift.</summary>
internal enum FieldRepetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>One <c>SchemaElement</c>.</summary>
internal sealed class SchemaElement
{
    public PhysicalType? Physical { get; private set; }

    public int TypeLength { get; private set; }

    public FieldRepetition Repetition { get; private set; }

    public string Name { get; private set; } = "";

    public int ChildCount { get; private set; }

    /// <summary>
    /// True when a part of the older annotation has an unexpected type, so that the meaning of the
    /// values is unknown.
    /// </summary>
    private bool _isAnnotationOdd;

    private int? _converted;
    private int _scale;
    private int _precision;
    private LogicalType? _logical;

    public static SchemaElement Read(ref CompactReader reader)
    {
        var element = new SchemaElement();
        var isLengthOdd = false;
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    element.Physical = ToPhysical(reader.ReadI32(type), reader.Position);
                    break;
                case 2 when type == ThriftType.I32:
                    element.TypeLength = reader.ReadI32(type);
                    break;
                case 3:
                    element.Repetition = ToRepetition(reader.ReadI32(type), reader.Position);
                    break;
                case 4:
                    element.Name = Encoding.UTF8.GetString(reader.ReadBinary(type));
                    break;
                case 5:
                    element.ChildCount = reader.ReadI32(type);
                    break;
                case 6 when type == ThriftType.I32:
                    element._converted = reader.ReadI32(type);
                    break;
                case 7 when type == ThriftType.I32:
                    element._scale = reader.ReadI32(type);
                    break;
                case 8 when type == ThriftType.I32:
                    element._precision = reader.ReadI32(type);
                    break;
                case 10 when type == ThriftType.Struct:
                    element._logical = LogicalTypeParser.Read(ref reader);
                    break;
                case 6 or 7 or 8:
                    element._isAnnotationOdd = true;
                    reader.Skip(type);
                    break;
                case 2:
                    isLengthOdd = true;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        if (isLengthOdd && element.Physical == PhysicalType.FixedLenByteArray)
            throw new ThriftFormatException("a length of a type that is no 32-bit integer", reader.Position);
        if (element.ChildCount < 0)
            throw new ThriftFormatException("a group with a negative number of children", reader.Position);
        return element;
    }

    /// <summary>
    /// The newer annotation if it is a known one, otherwise the older one. An annotation that does
    /// not fit the physical type is ignored.
    /// </summary>
    public LogicalType ToLogicalType()
    {
        var logical = _logical is { Kind: not LogicalKind.Other } known
            ? known
            : _isAnnotationOdd ? new LogicalType(LogicalKind.Other)
            : _converted is { } converted ? LogicalTypeParser.FromConverted(converted, _precision, _scale) : _logical ?? default;
        return Fits(logical) ? logical : new LogicalType(LogicalKind.Other);
    }

    private bool Fits(LogicalType logical) => logical.Kind switch
    {
        LogicalKind.Integer => Physical == (logical.BitWidth == 64 ? PhysicalType.Int64 : PhysicalType.Int32),
        LogicalKind.Decimal => Physical is PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.ByteArray
            or PhysicalType.FixedLenByteArray,
        LogicalKind.Uuid => Physical == PhysicalType.FixedLenByteArray && TypeLength == 16,
        LogicalKind.String or LogicalKind.Enum or LogicalKind.Json or LogicalKind.Bson =>
            Physical is PhysicalType.ByteArray or PhysicalType.FixedLenByteArray,
        LogicalKind.Date => Physical == PhysicalType.Int32,
        LogicalKind.Time or LogicalKind.Timestamp => Physical is PhysicalType.Int32 or PhysicalType.Int64,
        _ => true,
    };

    private static PhysicalType ToPhysical(int value, int position) => Enum.IsDefined((PhysicalType)value)
        ? (PhysicalType)value
        : throw new ThriftFormatException($"unknown physical type {value}", position);

    private static FieldRepetition ToRepetition(int value, int position) => Enum.IsDefined((FieldRepetition)value)
        ? (FieldRepetition)value
        : throw new ThriftFormatException($"unknown repetition {value}", position);
}
