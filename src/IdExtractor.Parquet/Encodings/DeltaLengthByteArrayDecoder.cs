namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// DELTA_LENGTH_BYTE_ARRAY values: all lengths as DELTA_BINARY_PACKED INT32, then all bytes.
/// Locates the values without touching their bytes.
/// </summary>
/// <remarks>
/// Holds positions only. Each call takes the page, which must be the one given to
/// <see cref="Init"/>. After an error the decoder can no longer be used.
/// </remarks>
public struct DeltaLengthByteArrayDecoder
{
    private const int SkipBatch = 256;

    private DeltaBinaryPackedDecoder _lengths;
    private int _bytesPosition;
    private int _end;

    /// <summary>The number of values in the stream, from its header.</summary>
    public readonly int TotalCount => _lengths.TotalCount;

    /// <summary>Where in the page the bytes of the next value start.</summary>
    public readonly int BytesPosition => _bytesPosition;

    /// <summary>Starts a stream. An empty stream has no values.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the lengths.</param>
    /// <param name="end">The first byte after the values.</param>
    /// <returns>The status of <see cref="DeltaBinaryPackedDecoder.Init"/> or
    /// <see cref="DeltaBinaryPackedDecoder.FindEnd"/> on the lengths.</returns>
    public DecodeStatus Init(ReadOnlySpan<byte> page, int start, int end)
    {
        this = default;
        var lengths = default(DeltaBinaryPackedDecoder);
        var status = lengths.Init(page, start, end, is32Bit: true);
        if (status != DecodeStatus.Ok)
            return status;
        status = lengths.FindEnd(page, out _bytesPosition);
        if (status != DecodeStatus.Ok)
            return status;
        _lengths = lengths;
        _end = end;
        return DecodeStatus.Ok;
    }

    /// <summary>Locates the next values, as many as the spans hold.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="offsets">Receives where in <paramref name="page"/> the bytes of each value
    /// start.</param>
    /// <param name="lengths">Receives the length of each value in bytes; as long as
    /// <paramref name="offsets"/>.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/> when all are there; <see cref="DecodeStatus.InvalidLength"/>
    /// when a length is negative or extends past the end; the status of
    /// <see cref="DeltaBinaryPackedDecoder.Read(ReadOnlySpan{byte}, Span{int})"/> otherwise. After
    /// an error the content of the two spans is undefined.
    /// </returns>
    /// <exception cref="ArgumentException">The two spans differ in length.</exception>
    public DecodeStatus Read(ReadOnlySpan<byte> page, Span<int> offsets, Span<int> lengths)
    {
        if (offsets.Length != lengths.Length)
            throw new ArgumentException("Offsets and lengths must have the same number of places.", nameof(lengths));
        var status = _lengths.Read(page, lengths);
        if (status != DecodeStatus.Ok)
            return status;

        // One check of the end covers all values: if no length is negative, the last end is the
        // largest.
        long position = _bytesPosition;
        var signs = 0;
        for (var i = 0; i < lengths.Length && i < offsets.Length; i++)
        {
            offsets[i] = (int)position;
            signs |= lengths[i];
            position += lengths[i];
        }

        return MoveTo(position, signs);
    }

    /// <summary>Skips the next values.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="count">Values to skip; 0 or more.</param>
    /// <returns>As <see cref="Read"/>.</returns>
    public DecodeStatus Skip(ReadOnlySpan<byte> page, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Span<int> batch = stackalloc int[SkipBatch];
        while (count > 0)
        {
            var lengths = batch[..Math.Min(count, batch.Length)];
            var status = _lengths.Read(page, lengths);
            if (status != DecodeStatus.Ok)
                return status;
            long position = _bytesPosition;
            var signs = 0;
            foreach (var length in lengths)
            {
                signs |= length;
                position += length;
            }

            status = MoveTo(position, signs);
            if (status != DecodeStatus.Ok)
                return status;
            count -= lengths.Length;
        }

        return DecodeStatus.Ok;
    }

    private DecodeStatus MoveTo(long position, int signs)
    {
        if (signs < 0 || position > _end)
            return DecodeStatus.InvalidLength;
        _bytesPosition = (int)position;
        return DecodeStatus.Ok;
    }
}
