namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>A state of one of the three decoders of sequences: the value is <see cref="Base"/> plus <see cref="ExtraBits"/> bits, the next
/// state <see cref="NextBase"/> plus <see cref="NextBits"/> bits.</summary>
internal readonly record struct SequenceCell(uint Base, ushort NextBase, byte ExtraBits, byte NextBits);

/// <summary>The states of one of the three decoders of sequences.</summary>
internal sealed class SequenceTable(SequenceCodes codes)
{
    private readonly SequenceCell[] _cells = new SequenceCell[1 << codes.MaxLog];

    /// <summary>Bits of a state.</summary>
    public int Log { get; private set; }

    /// <summary>The states; those from 2^<see cref="Log"/> on are unused.</summary>
    public SequenceCell[] Cells => _cells;

    /// <summary>Reads a distribution and builds its table.</summary>
    public DecodeStatus Read(ReadOnlySpan<byte> source, out int consumed)
    {
        Span<short> counts = stackalloc short[codes.Count];
        var status = FseCounts.Read(source, counts, codes.MaxLog, out var log, out var symbols, out consumed);
        if (status == DecodeStatus.Ok)
            Build(counts[..symbols], log);
        return status;
    }

    /// <summary>Builds the table of a distribution.</summary>
    public void Build(ReadOnlySpan<short> counts, int log)
    {
        Span<FseCell> cells = stackalloc FseCell[1 << FseTable.MaxLog];
        FseTable.Build(counts, log, cells);
        for (var state = 0; state < 1 << log; state++)
            _cells[state] = codes.ToSequence(cells[state]);
        Log = log;
    }

    /// <summary>
    /// Builds the table of blocks in which every sequence has the same code: one state, which is
    /// its own successor.
    /// </summary>
    public DecodeStatus Repeat(byte code)
    {
        if (code >= codes.Count)
            return DecodeStatus.InvalidValue;
        _cells[0] = codes.ToSequence(new FseCell(code, 0, 0));
        Log = 0;
        return DecodeStatus.Ok;
    }
}
