namespace IdExtractor.Core.Read;

/// <summary>A range on its way from a store, in blocks. It may serve several readers whose chunks lie near each other. Guarded by its <see cref="ReadAhead"/>.</summary>
/// <param name="range">What is fetched.</param>
/// <param name="blockBytes">Bytes of a block; the last may be shorter.</param>
/// <param name="readers">Who will read from it.</param>
internal sealed class RangeFetch(PlannedRange range, int blockBytes, int readers)
{
    private readonly FetchBlock?[] _blocks = new FetchBlock?[(int)((range.Length + blockBytes - 1) / blockBytes)];

    /// <summary>What is fetched.</summary>
    public PlannedRange Range => range;

    /// <summary>Blocks of the range.</summary>
    public int BlockCount => _blocks.Length;

    /// <summary>Readers that have not ended.</summary>
    public int Readers { get; set; } = readers;

    /// <summary>The first block that nobody has asked for; <see cref="BlockCount"/> when there is none.</summary>
    public int NextToAsk { get; set; }

    /// <summary>Place in the plan; -1 for a fetch that was not planned.</summary>
    public int Turn { get; init; } = -1;

    /// <summary>A block that has been asked for and not been given back; else null.</summary>
    public ref FetchBlock? Block(int index) => ref _blocks[index];

    /// <summary>The block that a position is in.</summary>
    public int IndexOf(long position) => (int)((position - range.Offset) / blockBytes);

    /// <summary>Where a block begins in the file.</summary>
    public long OffsetOf(int index) => range.Offset + ((long)index * blockBytes);

    /// <summary>Bytes of a block.</summary>
    public int LengthOf(int index) => (int)Math.Min(blockBytes, range.End - OffsetOf(index));
}

/// <summary>One request and its reply.</summary>
/// <param name="Bytes">The buffer, rented; may be longer.</param>
/// <param name="Length">Bytes of the reply.</param>
internal sealed record FetchBlock(byte[] Bytes, int Length)
{
    /// <summary>Ends when the buffer holds the reply.</summary>
    public Task Arrival { get; set; } = Task.CompletedTask;
}
