namespace IdExtractor.Parquet.Footer;

/// <summary>
/// What a column's values mean, from its LogicalType or, in older files, its ConvertedType.
/// </summary>
public enum LogicalKind
{
    /// <summary>No annotation; only the physical type is known.</summary>
    None,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Text from a fixed set.</summary>
    Enum,

    /// <summary>JSON text.</summary>
    Json,

    /// <summary>A BSON document.</summary>
    Bson,

    /// <summary>16 bytes, big endian.</summary>
    Uuid,

    /// <summary>Integer of <see cref="LogicalType.BitWidth"/> bits.</summary>
    Integer,

    /// <summary>Unscaled integer with <see cref="LogicalType.Scale"/> decimals.</summary>
    Decimal,

    /// <summary>Days since 1970-01-01.</summary>
    Date,

    /// <summary>Time of day.</summary>
    Time,

    /// <summary>Instant or local date and time.</summary>
    Timestamp,

    /// <summary>12 bytes: months, days, milliseconds.</summary>
    Interval,

    /// <summary>IEEE half.</summary>
    Float16,

    /// <summary>Always null.</summary>
    Unknown,

    /// <summary>
    /// An annotation of groups or an unknown one; only the physical type is known.
    /// </summary>
    Other,
}

/// <summary>A logical annotation with its parameters.</summary>
/// <param name="Kind">The annotation.</param>
/// <param name="BitWidth">8, 16, 32 or 64 for integers, else 0.</param>
/// <param name="IsSigned">For integers.</param>
/// <param name="Precision">Number of digits, for decimals.</param>
/// <param name="Scale">Digits after the decimal point, for decimals.</param>
public readonly record struct LogicalType(LogicalKind Kind, int BitWidth = 0, bool IsSigned = true, int Precision = 0, int Scale = 0)
{
    /// <summary>
    /// The annotation as it appears in messages, such as <c>DECIMAL(14,0)</c> or <c>UINT_32</c>.
    /// </summary>
    public override string ToString() => Kind switch
    {
        LogicalKind.Integer => $"{(IsSigned ? "" : "U")}INT_{BitWidth}",
        LogicalKind.Decimal => $"DECIMAL({Precision},{Scale})",
        _ => Kind.ToString().ToUpperInvariant(),
    };
}
