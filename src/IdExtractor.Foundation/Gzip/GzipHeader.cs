namespace IdExtractor.Foundation.Gzip;

/// <summary>The beginning of a gzip member (RFC 1952, section 2.3).</summary>
internal static class GzipHeader
{
    /// <summary>
    /// Bytes that every header has; those that <see cref="GzipFlags"/> names follow.
    /// </summary>
    public const int FixedBytes = 10;

    /// <summary>The first two bytes.</summary>
    public const byte Magic1 = 0x1F, Magic2 = 0x8B;

    /// <summary>The third byte, the only method there is.</summary>
    public const byte Deflate = 8;

    private const byte UnknownSystem = 255;

    /// <summary>
    /// A header without optional parts: time 0, no extra flags, unknown system, so that it is the
    /// same everywhere.
    /// </summary>
    public static ReadOnlySpan<byte> Plain => [Magic1, Magic2, Deflate, 0, 0, 0, 0, 0, 0, UnknownSystem];

    /// <summary>The bytes begin like a gzip member.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start is [Magic1, Magic2, ..];

    /// <summary>The bytes begin like a gzip member whose data are deflated.</summary>
    public static bool IsDeflated(ReadOnlySpan<byte> start) => start is [Magic1, Magic2, Deflate, ..];

    /// <summary>The flags of a header.</summary>
    /// <param name="header">At least <see cref="FixedBytes"/> bytes.</param>
    public static GzipFlags FlagsOf(ReadOnlySpan<byte> header) => (GzipFlags)header[3];
}

/// <summary>
/// The optional parts of a header, in the order in which they follow it: extra field, name,
/// comment, CRC.
/// </summary>
[Flags]
internal enum GzipFlags
{
    /// <summary>No optional part.</summary>
    None = 0,

    /// <summary>The header ends with the lower half of its CRC-32.</summary>
    HeaderCrc = 1 << 1,

    /// <summary>A length of two bytes and as many bytes.</summary>
    Extra = 1 << 2,

    /// <summary>A text that ends with a zero byte.</summary>
    Name = 1 << 3,

    /// <summary>Another such text.</summary>
    Comment = 1 << 4,

    /// <summary>
    /// Bits that a reader must refuse, because parts that it does not know may follow.
    /// </summary>
    Reserved = 0b1110_0000,
}
