using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Reads the <c>LogicalType</c> union and translates <c>ConvertedType</c> numbers (parquet-format,
/// LogicalTypes.md).
/// </summary>
internal static class LogicalTypeParser
{
    public static LogicalType Read(ref CompactReader reader)
    {
        var result = new LogicalType(LogicalKind.Other);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            result = id switch
            {
                5 when type == ThriftType.Struct => ReadDecimal(ref reader),
                10 when type == ThriftType.Struct => ReadInteger(ref reader),
                _ => Plain(ref reader, id, type),
            };
        }

        reader.EndStruct(outer);
        return result;
    }

    public static LogicalType FromConverted(int converted, int precision, int scale) => converted switch
    {
        0 => new(LogicalKind.String),
        4 => new(LogicalKind.Enum),
        5 => new(LogicalKind.Decimal, Precision: precision, Scale: scale),
        6 => new(LogicalKind.Date),
        7 or 8 => new(LogicalKind.Time),
        9 or 10 => new(LogicalKind.Timestamp),
        11 => new(LogicalKind.Integer, 8, IsSigned: false),
        12 => new(LogicalKind.Integer, 16, IsSigned: false),
        13 => new(LogicalKind.Integer, 32, IsSigned: false),
        14 => new(LogicalKind.Integer, 64, IsSigned: false),
        15 => new(LogicalKind.Integer, 8),
        16 => new(LogicalKind.Integer, 16),
        17 => new(LogicalKind.Integer, 32),
        18 => new(LogicalKind.Integer, 64),
        19 => new(LogicalKind.Json),
        20 => new(LogicalKind.Bson),
        21 => new(LogicalKind.Interval),
        _ => new(LogicalKind.Other),
    };

    private static LogicalType Plain(ref CompactReader reader, int id, ThriftType type)
    {
        reader.Skip(type);
        if (type != ThriftType.Struct)
            return new(LogicalKind.Other);
        return id switch
        {
            1 => new(LogicalKind.String),
            4 => new(LogicalKind.Enum),
            6 => new(LogicalKind.Date),
            7 => new(LogicalKind.Time),
            8 => new(LogicalKind.Timestamp),
            11 => new(LogicalKind.Unknown),
            12 => new(LogicalKind.Json),
            13 => new(LogicalKind.Bson),
            14 => new(LogicalKind.Uuid),
            15 => new(LogicalKind.Float16),
            _ => new(LogicalKind.Other),
        };
    }

    private static LogicalType ReadDecimal(ref CompactReader reader)
    {
        var (precision, scale, isOdd) = (0, 0, false);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            if (id == 1 && type == ThriftType.I32)
            {
                scale = reader.ReadI32(type);
            }
            else if (id == 2 && type == ThriftType.I32)
            {
                precision = reader.ReadI32(type);
            }
            else
            {
                isOdd |= id is 1 or 2;
                reader.Skip(type);
            }
        }

        reader.EndStruct(outer);
        return isOdd ? new LogicalType(LogicalKind.Other) : new LogicalType(LogicalKind.Decimal, Precision: precision, Scale: scale);
    }

    private static LogicalType ReadInteger(ref CompactReader reader)
    {
        var (bits, signed) = (0, true);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            if (id == 1 && type == ThriftType.Byte)
            {
                bits = reader.ReadI8(type);
            }
            else if (id == 2 && type is (ThriftType.True or ThriftType.False))
            {
                signed = reader.ReadBool(type);
            }
            else
            {
                bits = id is 1 or 2 ? -1 : bits;
                reader.Skip(type);
            }
        }

        reader.EndStruct(outer);
        return bits is 8 or 16 or 32 or 64
            ? new LogicalType(LogicalKind.Integer, bits, signed)
            : new LogicalType(LogicalKind.Other);
    }
}
