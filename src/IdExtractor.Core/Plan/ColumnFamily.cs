using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Plan;

/// <summary>What a column is read for.</summary>
internal enum ColumnRole
{
    /// <summary>CPFs are compared with it.</summary>
    Key,

    /// <summary>It is published.</summary>
    Id,
}

/// <summary>
/// Types whose values compare and print the same way, so that the files of one partition may mix
/// them (decisions 9 and 10). Bytes: BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY with or without STRING,
/// ENUM, JSON, BSON. Numbers of one scale: integers of every width and sign, and DECIMAL. UUIDs. A
/// column that is always null agrees with every family.
/// </summary>
/// <param name="Kind">What the values are.</param>
/// <param name="Scale">Digits behind the point, for numbers.</param>
internal readonly record struct ColumnFamily(ColumnFamily.Values Kind, int Scale = 0)
{
    /// <summary>
    /// Largest scale that is read; writers stop at 76. It bounds what one value can print.
    /// </summary>
    public const int MaxScale = 1024;

    private const int MaxFixedLength = 256 << 20;

    /// <summary>What values are.</summary>
    public enum Values
    {
        /// <summary>None: always null.</summary>
        Nothing,

        /// <summary>Bytes as they are.</summary>
        Bytes,

        /// <summary>Whole numbers or decimals.</summary>
        Number,

        /// <summary>16 bytes that print as a UUID.</summary>
        Uuid,
    }

    /// <summary>
    /// The family of a flat column; null when it cannot be used for this (specification, section 7:
    /// decimals with a scale as keys, floats, booleans, dates, times, INT96).
    /// </summary>
    public static ColumnFamily? Of(ColumnDescriptor column, ColumnRole role)
    {
        var isBytes = column.Physical is PhysicalType.ByteArray
            || (column.Physical is PhysicalType.FixedLenByteArray && column.TypeLength is >= 1 and <= MaxFixedLength);
        var isInteger = column.Physical is PhysicalType.Int32 or PhysicalType.Int64;
        var maxScale = role == ColumnRole.Key ? 0 : MaxScale;
        return column.Logical.Kind switch
        {
            LogicalKind.Unknown when column.MaxDefinitionLevel > 0 => new(Values.Nothing),
            LogicalKind.Decimal when (isBytes || isInteger) && column.Logical.Scale >= 0 && column.Logical.Scale <= maxScale =>
                new(Values.Number, column.Logical.Scale),
            LogicalKind.Uuid when isBytes => new(Values.Uuid),
            LogicalKind.Integer when isInteger => new(Values.Number),
            LogicalKind.String or LogicalKind.Enum or LogicalKind.Json or LogicalKind.Bson when isBytes => new(Values.Bytes),
            LogicalKind.None or LogicalKind.Other when isBytes => new(Values.Bytes),
            LogicalKind.None or LogicalKind.Other when isInteger => new(Values.Number),
            _ => null,
        };
    }

    /// <summary>Whether files with these families may be in one partition.</summary>
    public bool AgreesWith(ColumnFamily other) =>
        Kind == Values.Nothing || other.Kind == Values.Nothing || (Kind == other.Kind && Scale == other.Scale);
}
