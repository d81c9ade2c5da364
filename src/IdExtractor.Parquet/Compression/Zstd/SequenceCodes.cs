namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// The meaning of the codes of one of the three parts of a sequence: a base value and extra bits
/// for each (RFC 8878, section 3.1.1.3.2.1).
/// </summary>
internal sealed class SequenceCodes
{
    /// <summary>Lengths of literals.</summary>
    public static readonly SequenceCodes LiteralLength = new(
        maxLog: 9,
        bases: Bases(0, LiteralLengthExtraBits),
        extraBits: LiteralLengthExtraBits,
        predefinedLog: 6,
        predefined: [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]);

    /// <summary>Lengths of matches.</summary>
    public static readonly SequenceCodes MatchLength = new(
        maxLog: 9,
        bases: Bases(3, MatchLengthExtraBits),
        extraBits: MatchLengthExtraBits,
        predefinedLog: 6,
        predefined:
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ]);

    /// <summary>
    /// Offset values: an offset plus three, or a recent one if lower. Code n has n extra bits; at
    /// most 31 are read.
    /// </summary>
    public static readonly SequenceCodes Offset = new(
        maxLog: 8,
        bases: Bases(1, OffsetExtraBits),
        extraBits: OffsetExtraBits,
        predefinedLog: 5,
        predefined: [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);

    private readonly uint[] _bases;
    private readonly byte[] _extraBits;

    private SequenceCodes(int maxLog, uint[] bases, ReadOnlySpan<byte> extraBits, int predefinedLog, ReadOnlySpan<short> predefined)
    {
        MaxLog = maxLog;
        _bases = bases;
        _extraBits = extraBits.ToArray();
        Predefined = new SequenceTable(this);
        Predefined.Build(predefined, predefinedLog);
    }

    /// <summary>Largest accuracy of a table of these codes.</summary>
    public int MaxLog { get; }

    /// <summary>How many codes there are.</summary>
    public int Count => _bases.Length;

    /// <summary>
    /// The table of blocks that have none of their own (RFC 8878, section 3.1.1.3.2.2).
    /// </summary>
    public SequenceTable Predefined { get; }

    private static ReadOnlySpan<byte> LiteralLengthExtraBits =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12,
        13, 14, 15, 16,
    ];

    private static ReadOnlySpan<byte> MatchLengthExtraBits =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    private static ReadOnlySpan<byte> OffsetExtraBits =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    ];

    /// <summary>The state of a code, from a state of its symbol. The symbol must be below <see cref="Count"/>.</summary>
    public SequenceCell ToSequence(FseCell cell) => new(_bases[cell.Symbol], cell.Base, _extraBits[cell.Symbol], cell.Bits);

    // Each code starts where the one before it ends.
    private static uint[] Bases(uint first, ReadOnlySpan<byte> extraBits)
    {
        var bases = new uint[extraBits.Length];
        var next = first;
        for (var code = 0; code < bases.Length; code++)
        {
            bases[code] = next;
            next += 1u << extraBits[code];
        }

        return bases;
    }
}
