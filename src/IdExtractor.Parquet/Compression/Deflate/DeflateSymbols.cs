namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>
/// The meaning of the symbols of RFC 1951 (section 3.2.5), as entries of a
/// <see cref="PrefixTable"/>, and the fixed code (section 3.2.6).
/// </summary>
internal static class DeflateSymbols
{
    /// <summary>
    /// Symbols of the literal and length code, including the two that no stream may use.
    /// </summary>
    public const int LiteralLengthCount = 288;

    /// <summary>Symbols of the distance code, including the two that no stream may use.</summary>
    public const int DistanceCount = 32;

    /// <summary>Symbols of the code that code lengths are written in.</summary>
    public const int CodeLengthCount = 19;

    /// <summary>Bits that index the root of the literal and length table.</summary>
    public const int LiteralLengthRootBits = 11;

    /// <summary>Bits that index the root of the distance table.</summary>
    public const int DistanceRootBits = 8;

    /// <summary>Bits of the table of code lengths; none of its codes is longer.</summary>
    public const int CodeLengthRootBits = 7;

    /// <summary>
    /// Entries that the largest literal and length table takes (288 symbols, 15 bits, root of 11:
    /// zlib's examples/enough.c).
    /// </summary>
    public const int LiteralLengthTableSize = 2342;

    /// <summary>
    /// Entries that the largest distance table takes (32 symbols, 15 bits, root of 8).
    /// </summary>
    public const int DistanceTableSize = 402;

    private const int FirstLength = 257;
    private const int LastLength = 285;
    private const int LastDistance = 29;
    private const int LongestMatch = 258;

    /// <summary>Meaning of the symbols of the literal and length code.</summary>
    public static readonly uint[] LiteralLengths = BuildLiteralLengths();

    /// <summary>Meaning of the symbols of the distance code.</summary>
    public static readonly uint[] Distances = BuildDistances();

    /// <summary>Meaning of the symbols of the code of code lengths: themselves.</summary>
    public static readonly uint[] CodeLengths = BuildCodeLengths();

    /// <summary>Table of the fixed literal and length code.</summary>
    public static readonly uint[] FixedLiteralLengthTable = BuildFixedLiteralLengthTable();

    /// <summary>Table of the fixed distance code.</summary>
    public static readonly uint[] FixedDistanceTable = BuildFixedDistanceTable();

    private static uint[] BuildLiteralLengths()
    {
        var symbols = new uint[LiteralLengthCount];
        Array.Fill(symbols, PrefixTable.Exceptional | PrefixTable.Invalid);
        for (uint literal = 0; literal < 256; literal++)
            symbols[literal] = PrefixTable.Literal | (literal << PrefixTable.ValueShift);
        symbols[256] = PrefixTable.Exceptional | PrefixTable.EndOfBlock;

        // Eight lengths without extra bits, then four of each count of extra bits; the last is 258
        // alone.
        uint length = 3;
        for (var symbol = FirstLength; symbol < LastLength; symbol++)
        {
            var extra = (uint)Math.Max(0, ((symbol - FirstLength) >> 2) - 1);
            symbols[symbol] = (length << PrefixTable.ValueShift) | extra;
            length += 1u << (int)extra;
        }

        symbols[LastLength] = LongestMatch << PrefixTable.ValueShift;
        return symbols;
    }

    private static uint[] BuildDistances()
    {
        var symbols = new uint[DistanceCount];
        Array.Fill(symbols, PrefixTable.Exceptional | PrefixTable.Invalid);
        uint distance = 1;
        for (var symbol = 0; symbol <= LastDistance; symbol++)
        {
            var extra = (uint)Math.Max(0, (symbol >> 1) - 1);
            symbols[symbol] = (distance << PrefixTable.ValueShift) | extra;
            distance += 1u << (int)extra;
        }

        return symbols;
    }

    private static uint[] BuildCodeLengths()
    {
        var symbols = new uint[CodeLengthCount];
        for (uint symbol = 0; symbol < CodeLengthCount; symbol++)
            symbols[symbol] = symbol << PrefixTable.ValueShift;
        return symbols;
    }

    private static uint[] BuildFixedLiteralLengthTable()
    {
        var lengths = new byte[LiteralLengthCount];
        lengths.AsSpan(0, 144).Fill(8);
        lengths.AsSpan(144, 112).Fill(9);
        lengths.AsSpan(256, 24).Fill(7);
        lengths.AsSpan(280, 8).Fill(8);
        var table = new uint[LiteralLengthTableSize];
        PrefixTable.TryBuild(lengths, LiteralLengths, LiteralLengthRootBits, table);
        return table;
    }

    private static uint[] BuildFixedDistanceTable()
    {
        var lengths = new byte[DistanceCount];
        lengths.AsSpan().Fill(5);
        var table = new uint[DistanceTableSize];
        PrefixTable.TryBuild(lengths, Distances, DistanceRootBits, table);
        return table;
    }
}
