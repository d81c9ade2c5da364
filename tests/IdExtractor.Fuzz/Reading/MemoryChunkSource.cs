using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// A chunk of a file in memory, handed out in pieces of uneven length, as a network would.
/// Reusable.
/// </summary>
public sealed class MemoryChunkSource(int seed) : ChunkSource
{
    private readonly Random _lengths = new(seed);
    private ReadOnlyMemory<byte> _left;

    /// <summary>Goes to a chunk.</summary>
    public void Open(ReadOnlyMemory<byte> file, ColumnChunk chunk) => _left = file.Slice((int)chunk.Offset, (int)chunk.Length);

    /// <inheritdoc/>
    public override int Read(Memory<byte> destination)
    {
        var most = Math.Min(destination.Length, _left.Length);
        var count = most > 1 && _lengths.Next(4) == 0 ? _lengths.Next(1, most) : most;
        _left[..count].CopyTo(destination);
        _left = _left[count..];
        return count;
    }

    /// <inheritdoc/>
    public override void Skip(long count) => _left = _left[(int)count..];
}
