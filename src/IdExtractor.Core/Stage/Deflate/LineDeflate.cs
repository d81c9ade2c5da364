using System.Numerics;
using System.Runtime.CompilerServices;

namespace IdExtractor.Core.Stage.Deflate;

/// <summary>
/// Compresses sorted lines as one block of deflate with codes of its own (RFC 1951 section 3.2.7).
/// Lines refer to the line before them only: where lines are short and sorted, that makes a smaller
/// block than any search of the 32 KiB before, since near distances take few bits and one line
/// ahead is the longest match as a rule, and takes a tenth of the time.
/// </summary>
/// <remarks>Reusable. One instance a thread.</remarks>
internal sealed class LineDeflate
{
    private const int EndOfBlock = 256;
    private const int FirstLengthSymbol = 257;
    private const int LiteralLengthSymbols = 286;
    private const int DistanceSymbols = 30;
    private const int MaxCodeBits = 15;
    private const int LongestLength = 258;
    private const int DynamicBlock = 2;
    private const int BlockHeaderBits = 3;

    // An empty stored block, which ends on a byte boundary (RFC 1951 section 3.2.4).
    private const int StoredBlock = 0;
    private static readonly DeflateBits EmptyStoredLengths = new(0xFFFF0000, 32);

    // The block's header, its end, and what the writer asks to have behind its last byte.
    private const int OverheadBytes = 512;

    private readonly LineMatcher _matcher;
    private readonly PrefixCode _literalLengths = new(LiteralLengthSymbols, MaxCodeBits);
    private readonly PrefixCode _distances = new(DistanceSymbols, MaxCodeBits);
    private readonly CodeLengths _codeLengths = new(LiteralLengthSymbols + DistanceSymbols);

    /// <param name="maxTextLength">Longest text.</param>
    public LineDeflate(int maxTextLength) => _matcher = new LineMatcher(maxTextLength);

    /// <summary>Room that a text takes at most.</summary>
    public static int MaxCompressedLength(int textLength) => textLength + (textLength / 8) + OverheadBytes;

    /// <summary>Compresses a text, to whole bytes.</summary>
    /// <param name="text">One byte or more.</param>
    /// <param name="isLast">Nothing comes behind it in its stream.</param>
    /// <param name="destination"><see cref="MaxCompressedLength"/> bytes or more.</param>
    /// <returns>Bytes written.</returns>
    public int Compress(ReadOnlySpan<byte> text, bool isLast, Span<byte> destination)
    {
        var copies = _matcher.Find(text);
        Count(text, copies);
        _literalLengths.Build();
        _distances.Build();

        var writer = new DeflateWriter(destination);
        writer.Put((isLast ? 1 : 0) | (DynamicBlock << 1), BlockHeaderBits);
        _codeLengths.Write(ref writer, _literalLengths, _distances);
        WriteBody(ref writer, text, copies);
        if (isLast)
            return writer.Align();
        writer.Put(StoredBlock, BlockHeaderBits);
        writer.Align();
        writer.Put(EmptyStoredLengths);
        return writer.Align();
    }

    private void Count(ReadOnlySpan<byte> text, ReadOnlySpan<LineCopy> copies)
    {
        var literals = _literalLengths.Frequencies;
        var distances = _distances.Frequencies;
        literals.Clear();
        distances.Clear();
        var position = 0;
        foreach (var copy in copies)
        {
            foreach (var literal in text[position..copy.Start])
                literals[literal]++;
            literals[LengthSymbol(copy.Length, out _)]++;
            distances[DistanceSymbol(copy.Distance, out _)]++;
            position = copy.Start + copy.Length;
        }

        foreach (var literal in text[position..])
            literals[literal]++;
        literals[EndOfBlock]++;
    }

    private void WriteBody(ref DeflateWriter writer, ReadOnlySpan<byte> text, ReadOnlySpan<LineCopy> copies)
    {
        // A local one is kept in registers.
        var body = writer;
        var position = 0;
        foreach (var copy in copies)
        {
            WriteLiterals(ref body, text[position..copy.Start]);
            WriteCopy(ref body, copy);
            position = copy.Start + copy.Length;
        }

        WriteLiterals(ref body, text[position..]);
        body.Put(_literalLengths.Codes[EndOfBlock]);
        writer = body;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteLiterals(ref DeflateWriter writer, ReadOnlySpan<byte> literals)
    {
        var codes = _literalLengths.Codes;
        for (; literals.Length >= 3; literals = literals[3..])
            writer.Put(codes[literals[0]].Then(codes[literals[1]]).Then(codes[literals[2]]));
        foreach (var literal in literals)
            writer.Put(codes[literal]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteCopy(ref DeflateWriter writer, LineCopy copy)
    {
        // 20 bits at most, and 28.
        var length = LengthSymbol(copy.Length, out var lengthRest);
        var distance = DistanceSymbol(copy.Distance, out var distanceRest);
        writer.Put(_literalLengths.Codes[length].Then(lengthRest).Then(_distances.Codes[distance]).Then(distanceRest));
    }

    /// <summary>
    /// The table of lengths in RFC 1951 section 3.2.5: four symbols for each power of two, but for
    /// 258, which has its own.
    /// </summary>
    private static int LengthSymbol(int length, out DeflateBits rest)
    {
        if (length < LongestLength)
            return FirstLengthSymbol + Symbol(length - 3, 2, out rest);
        rest = default;
        return LiteralLengthSymbols - 1;
    }

    /// <summary>
    /// The table of distances in RFC 1951 section 3.2.5: two symbols for each power of two.
    /// </summary>
    private static int DistanceSymbol(int distance, out DeflateBits rest) => Symbol(distance - 1, 1, out rest);

    /// <summary>
    /// A value's magnitude and the first bits below its highest make the symbol, the rest follows
    /// as it is.
    /// </summary>
    private static int Symbol(int value, int leadingBits, out DeflateBits rest)
    {
        var restBits = Math.Max(0, BitOperations.Log2((uint)value | 1) - leadingBits);
        rest = new DeflateBits((ulong)(value & ((1 << restBits) - 1)), restBits);
        return (restBits << leadingBits) + (value >> restBits);
    }
}
