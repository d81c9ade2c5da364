using IdExtractor.Parquet.Pages;

namespace IdExtractor.Testing.Pages;

/// <summary>A chunk in memory, handed out in pieces.</summary>
internal sealed class BytesChunkSource(byte[] bytes, int mostAtOnce = int.MaxValue) : ChunkSource
{
    private long _position;

    public override int Read(Memory<byte> destination)
    {
        var count = (int)Math.Min(Math.Min(destination.Length, mostAtOnce), bytes.Length - _position);
        bytes.AsMemory((int)_position, count).CopyTo(destination);
        _position += count;
        return count;
    }

    public override void Skip(long count) => _position += count;
}
