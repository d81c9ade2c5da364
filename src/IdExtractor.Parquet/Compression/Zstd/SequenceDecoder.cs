namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The part of a window that a block is decoded into.</summary>
/// <param name="history">First byte that an offset may reach.</param>
/// <param name="start">Where the block's output starts.</param>
/// <param name="limit">Where it must end at the latest.</param>
internal readonly unsafe ref struct BlockOutput(byte* history, byte* start, byte* limit)
{
    /// <summary>First byte that an offset may reach.</summary>
    public readonly byte* History = history;

    /// <summary>Where the block's output starts.</summary>
    public readonly byte* Start = start;

    /// <summary>Where it must end at the latest.</summary>
    public readonly byte* Limit = limit;
}

/// <summary>
/// The sequences section of a block (RFC 8878, section 3.1.1.3.2), and the execution of its
/// sequences. Holds the state that a frame's blocks share.
/// </summary>
internal sealed unsafe class SequenceDecoder
{
    // The bits that a refill guarantees, minus the three next states (9 + 9 + 8 bits): up to this
    // many extra bits need no refill of their own.
    private const int ExtraBitsWithoutRefill = 57 - 26;

    private readonly SequencePart _literalLengths = new(SequenceCodes.LiteralLength);
    private readonly SequencePart _offsets = new(SequenceCodes.Offset);
    private readonly SequencePart _matchLengths = new(SequenceCodes.MatchLength);
    private RecentOffsets _recent;

    /// <summary>Resets all state, as at the start of a frame.</summary>
    public void Reset()
    {
        _literalLengths.Reset();
        _offsets.Reset();
        _matchLengths.Reset();
        _recent = RecentOffsets.Initial;
    }

    /// <summary>
    /// Decodes the section and writes the block's output. <paramref name="literals"/> has
    /// <see cref="BackReference.Slop"/> readable bytes after its <paramref name="literalCount"/>.
    /// Output past the limit is <see cref="DecodeStatus.OutputTooLong"/>.
    /// </summary>
    public DecodeStatus Decode(ReadOnlySpan<byte> source, byte* literals, long literalCount, BlockOutput output, out long written)
    {
        written = 0;
        var status = SequenceCount.Read(ref source, out var count);
        if (status != DecodeStatus.Ok)
            return status;

        var op = output.Start;
        if (count != 0)
        {
            status = ChooseTables(ref source);
            if (status != DecodeStatus.Ok)
                return status;
            var literalEnd = literals + literalCount;
            fixed (byte* stream = source)
            {
                if (!BackwardBits.TryOpen(stream, source.Length, out var bits))
                    return DecodeStatus.InvalidHeader;
                status = Execute(ref bits, count, ref literals, literalEnd, output, ref op);
            }

            if (status != DecodeStatus.Ok)
                return status;
            literalCount = literalEnd - literals;
        }
        else if (!source.IsEmpty)
        {
            return DecodeStatus.InvalidLength;
        }

        if (literalCount > output.Limit - op)
            return DecodeStatus.OutputTooLong;
        Buffer.MemoryCopy(literals, op, output.Limit - op, literalCount);
        written = op + literalCount - output.Start;
        return DecodeStatus.Ok;
    }

    private DecodeStatus ChooseTables(ref ReadOnlySpan<byte> source)
    {
        const int Reserved = 0b11;
        if (source.IsEmpty)
            return DecodeStatus.InputTooShort;
        int modes = source[0];
        source = source[1..];
        if ((modes & Reserved) != 0)
            return DecodeStatus.InvalidHeader;
        var status = _literalLengths.Choose(modes >> 6, ref source);
        if (status == DecodeStatus.Ok)
            status = _offsets.Choose((modes >> 4) & 3, ref source);
        return status == DecodeStatus.Ok ? _matchLengths.Choose((modes >> 2) & 3, ref source) : status;
    }

    private DecodeStatus Execute(
        ref BackwardBits source, int count, ref byte* literals, byte* literalEnd, BlockOutput output, ref byte* position)
    {
        var bits = source;
        var recent = _recent;
        var from = literals;
        var op = position;
        fixed (SequenceCell* literalLengths = _literalLengths.Current!.Cells)
        fixed (SequenceCell* offsets = _offsets.Current!.Cells)
        fixed (SequenceCell* matchLengths = _matchLengths.Current!.Cells)
        {
            var literalState = bits.Read(_literalLengths.Current.Log);
            var offsetState = bits.Read(_offsets.Current.Log);
            var matchState = bits.Read(_matchLengths.Current.Log);

            while (true)
            {
                if (!bits.TryRefill())
                    return DecodeStatus.InputTooShort;
                var literalCell = literalLengths + literalState;
                var offsetCell = offsets + offsetState;
                var matchCell = matchLengths + matchState;

                // At most 31 + 16 + 16 extra bits, so the long ones need a refill before the lengths and another before the states.
                var needsRefill = offsetCell->ExtraBits + matchCell->ExtraBits + literalCell->ExtraBits > ExtraBitsWithoutRefill;
                var offsetValue = offsetCell->Base + bits.Read(offsetCell->ExtraBits);
                if (needsRefill && !bits.TryRefill())
                    return DecodeStatus.InputTooShort;
                long matchLength = matchCell->Base + bits.Read(matchCell->ExtraBits);
                long literalLength = literalCell->Base + bits.Read(literalCell->ExtraBits);

                long offset = recent.Resolve(offsetValue, literalLength == 0);
                if (literalLength > literalEnd - from)
                    return DecodeStatus.InvalidLength;
                if (literalLength + matchLength > output.Limit - op)
                    return DecodeStatus.OutputTooLong;
                if (offset == 0 || offset > op + literalLength - output.History)
                    return DecodeStatus.InvalidOffset;

                if (output.Limit - op >= literalLength + matchLength + BackReference.WideRoom)
                {
                    BackReference.CopyWide(from, op, literalLength);
                    op += literalLength;
                    BackReference.RepeatWide(op, offset, matchLength);
                }
                else
                {
                    Buffer.MemoryCopy(from, op, output.Limit - op, literalLength);
                    op += literalLength;
                    BackReference.Repeat(op, offset, matchLength, output.Limit);
                }

                from += literalLength;
                op += matchLength;
                if (--count == 0)
                    break;

                if (needsRefill && !bits.TryRefill())
                    return DecodeStatus.InputTooShort;
                literalState = literalCell->NextBase + bits.Read(literalCell->NextBits);
                matchState = matchCell->NextBase + bits.Read(matchCell->NextBits);
                offsetState = offsetCell->NextBase + bits.Read(offsetCell->NextBits);
            }
        }

        if (!bits.TryRefill())
            return DecodeStatus.InputTooShort;
        if (!bits.IsUsedUp)
            return DecodeStatus.InvalidLength;
        _recent = recent;
        literals = from;
        position = op;
        return DecodeStatus.Ok;
    }
}
