namespace IdExtractor.Aws.S3;

/// <summary>
/// How far a reply has come that fills buffers one after another. A reply that was cut off is
/// followed by one that continues where it ended. Used by one reply at a time.
/// </summary>
/// <param name="buffers">Where the bytes go; none is empty.</param>
/// <param name="filled">Takes the number of full buffers, as it grows.</param>
internal sealed class BufferFill(IReadOnlyList<Memory<byte>> buffers, Action<int> filled)
{
    private int _full;
    private int _inBuffer;

    /// <summary>Bytes of all buffers.</summary>
    public long Length { get; } = buffers.Sum(buffer => (long)buffer.Length);

    /// <summary>Bytes that are there.</summary>
    public long Position { get; private set; }

    /// <summary>All buffers are full.</summary>
    public bool IsFull => _full == buffers.Count;

    /// <summary>Where the next bytes go; not empty unless all is full.</summary>
    public Memory<byte> Rest => buffers[_full][_inBuffer..];

    /// <summary>Bytes have been written into <see cref="Rest"/>.</summary>
    public void Advance(int count)
    {
        Position += count;
        _inBuffer += count;
        if (_inBuffer < buffers[_full].Length)
            return;
        _inBuffer = 0;
        filled(++_full);
    }
}
