namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>The header of a block with its own codes (RFC 1951, section 3.2.7).</summary>
internal static class DynamicTables
{
    private const int MaxLiteralLengths = 286;
    private const int MaxDistances = 30;
    private const int EndOfBlockSymbol = 256;

    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Reads the header and builds both tables.</summary>
    public static DecodeStatus Read(ref DeflateInput input, Span<uint> literalLengths, Span<uint> distances)
    {
        input.Fill();
        var literalLengthCount = (int)input.Take(5) + 257;
        var distanceCount = (int)input.Take(5) + 1;
        var codeLengthCount = (int)input.Take(4) + 4;
        if (literalLengthCount > MaxLiteralLengths || distanceCount > MaxDistances)
            return DecodeStatus.InvalidHeader;

        Span<byte> codeLengths = stackalloc byte[DeflateSymbols.CodeLengthCount];
        codeLengths.Clear();
        for (var i = 0; i < codeLengthCount; i++)
        {
            input.Fill();
            codeLengths[CodeLengthOrder[i]] = (byte)input.Take(3);
        }

        Span<uint> codeLengthTable = stackalloc uint[1 << DeflateSymbols.CodeLengthRootBits];
        if (
            !PrefixTable.TryBuild(
                codeLengths, DeflateSymbols.CodeLengths, DeflateSymbols.CodeLengthRootBits, codeLengthTable, mustBeComplete: true))
            return DecodeStatus.InvalidHeader;

        Span<byte> lengths = stackalloc byte[MaxLiteralLengths + MaxDistances];
        lengths = lengths[..(literalLengthCount + distanceCount)];
        if (!ReadLengths(ref input, codeLengthTable, lengths))
            return DecodeStatus.InvalidHeader;

        // A block without an end symbol is invalid.
        return lengths[EndOfBlockSymbol] != 0
            && PrefixTable.TryBuild(lengths[..literalLengthCount], DeflateSymbols.LiteralLengths, DeflateSymbols.LiteralLengthRootBits,
                literalLengths)
            && PrefixTable.TryBuild(lengths[literalLengthCount..], DeflateSymbols.Distances, DeflateSymbols.DistanceRootBits, distances)
            ? DecodeStatus.Ok
            : DecodeStatus.InvalidHeader;
    }

    private static bool ReadLengths(ref DeflateInput input, scoped ReadOnlySpan<uint> table, scoped Span<byte> lengths)
    {
        const int RepeatPrevious = 16;
        const int RepeatZeroShort = 17;

        for (var done = 0; done < lengths.Length;)
        {
            input.Fill();
            var entry = table[(int)(input.Bits & ((1u << DeflateSymbols.CodeLengthRootBits) - 1))];
            if ((entry & PrefixTable.Invalid) != 0)
                return false;
            input.Drop((int)(entry & PrefixTable.TotalBitsMask));
            var symbol = (int)(entry >> PrefixTable.ValueShift);
            if (symbol < RepeatPrevious)
            {
                lengths[done++] = (byte)symbol;
                continue;
            }

            if (symbol == RepeatPrevious && done == 0)
                return false;
            var value = symbol == RepeatPrevious ? lengths[done - 1] : (byte)0;
            var repeats = symbol switch
            {
                RepeatPrevious => 3 + (int)input.Take(2),
                RepeatZeroShort => 3 + (int)input.Take(3),
                _ => 11 + (int)input.Take(7),
            };
            if (repeats > lengths.Length - done)
                return false;
            lengths.Slice(done, repeats).Fill(value);
            done += repeats;
        }

        return true;
    }
}
