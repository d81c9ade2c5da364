namespace IdExtractor.Parquet.Footer;

/// <summary>One leaf of the schema.</summary>
public sealed record ColumnDescriptor
{
    /// <summary>
    /// Position among the leaves, from 0; also the position of its chunk in every row group.
    /// </summary>
    public required int Index { get; init; }

    /// <summary>Names from the first level below the root to the leaf.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>How values are stored.</summary>
    public required PhysicalType Physical { get; init; }

    /// <summary>Bytes per value for FIXED_LEN_BYTE_ARRAY; 0 for other types.</summary>
    public int TypeLength { get; init; }

    /// <summary>What values mean.</summary>
    public LogicalType Logical { get; init; }

    /// <summary>
    /// 0 for a required top-level column, 1 for an optional one, more when nested.
    /// </summary>
    public int MaxDefinitionLevel { get; init; }

    /// <summary>0 unless the column or an enclosing group repeats.</summary>
    public int MaxRepetitionLevel { get; init; }

    /// <summary>The path, joined with dots.</summary>
    public string Name => string.Join('.', Path);

    /// <summary>
    /// True for a top-level column that does not repeat, the only supported kind.
    /// </summary>
    public bool IsFlat => Path.Count == 1 && MaxRepetitionLevel == 0 && MaxDefinitionLevel <= 1;

    /// <summary>Bytes per stored value: 4, 8 or the type length; 0 for BYTE_ARRAY.</summary>
    public int FixedWidth => Physical switch
    {
        PhysicalType.Int32 or PhysicalType.Float => 4,
        PhysicalType.Int64 or PhysicalType.Double => 8,
        PhysicalType.Int96 => 12,
        PhysicalType.FixedLenByteArray => TypeLength,
        _ => 0,
    };

    /// <summary>The type as it appears in messages, such as <c>BYTE_ARRAY (STRING)</c>.</summary>
    public string TypeText
    {
        get
        {
            var physical = Physical switch
            {
                PhysicalType.ByteArray => "BYTE_ARRAY",
                PhysicalType.FixedLenByteArray => $"FIXED_LEN_BYTE_ARRAY({TypeLength})",
                _ => Physical.ToString().ToUpperInvariant(),
            };
            var nested = IsFlat ? "" : MaxRepetitionLevel > 0 ? ", repeated" : ", nested";
            return Logical.Kind == LogicalKind.None ? physical + nested : $"{physical} ({Logical}){nested}";
        }
    }
}
