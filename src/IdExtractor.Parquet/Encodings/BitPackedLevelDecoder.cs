using System.Buffers.Binary;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// The deprecated BIT_PACKED encoding of levels: no runs and no headers, only consecutive values,
/// the most significant bit first. Old writers used it for the levels of v1 pages.
/// </summary>
/// <remarks>
/// Holds positions only. Each call takes the page, which must be the one given to
/// <see cref="Init"/>. The encoding is rare, so there is no fast path.
/// </remarks>
internal struct BitPackedLevelDecoder
{
    private int _start;
    private int _end;
    private int _bitWidth;
    private long _drawn;

    /// <summary>
    /// The size of a number of levels in bytes: the stream has no length of its own.
    /// </summary>
    /// <param name="levelCount">Levels in the page; 0 or more.</param>
    /// <param name="bitWidth">Bits per level, 0..32.</param>
    public static long ByteLength(int levelCount, int bitWidth) => (((long)levelCount * bitWidth) + 7) >> 3;

    /// <summary>Starts a stream.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the levels.</param>
    /// <param name="end">The first byte after the levels.</param>
    /// <param name="bitWidth">Bits per level, 0..32. A stream of width 0 is an endless run of
    /// zeros, whatever its bytes.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InvalidBitWidth"/>;
    /// <see cref="DecodeStatus.InvalidLength"/> when the extent is not inside the page.
    /// </returns>
    public DecodeStatus Init(ReadOnlySpan<byte> page, int start, int end, int bitWidth)
    {
        this = default;
        if (bitWidth is < 0 or > 32)
            return DecodeStatus.InvalidBitWidth;
        if (start < 0 || start > end || end > page.Length)
            return DecodeStatus.InvalidLength;
        _start = start;
        _end = end;
        _bitWidth = bitWidth;
        return DecodeStatus.Ok;
    }

    /// <summary>Reads the next levels.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="destination">Receives the levels; is filled completely.</param>
    /// <param name="maxLevel">The highest level that the column can have, 0..255.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InputTooShort"/> when the stream ends
    /// too early; <see cref="DecodeStatus.InvalidValue"/> for a level above
    /// <paramref name="maxLevel"/>.
    /// </returns>
    public DecodeStatus ReadLevels(ReadOnlySpan<byte> page, Span<byte> destination, int maxLevel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLevel, byte.MaxValue);
        if (destination.Length > Left)
            return DecodeStatus.InputTooShort;
        if (_bitWidth == 0)
        {
            destination.Clear();
            return DecodeStatus.Ok;
        }

        Span<byte> window = stackalloc byte[sizeof(ulong)];
        var source = page[_start.._end];
        var bit = _drawn * _bitWidth;
        for (var i = 0; i < destination.Length; i++, bit += _bitWidth)
        {
            var rest = source[(int)(bit >> 3)..];
            rest[..Math.Min(rest.Length, window.Length)].CopyTo(window);
            var level = BinaryPrimitives.ReadUInt64BigEndian(window) << (int)(bit & 7) >> (64 - _bitWidth);
            if (level > (uint)maxLevel)
                return DecodeStatus.InvalidValue;
            destination[i] = (byte)level;
        }

        _drawn += destination.Length;
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Checks whether the next levels are a run of one value, which is known only for a stream of
    /// width 0. Consumes nothing.
    /// </summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="value">The value of the run: 0.</param>
    /// <param name="length">The levels in the run; may be more than the page has.</param>
    /// <returns>Whether there is a run.</returns>
    public readonly bool TryGetRun(ReadOnlySpan<byte> page, out int value, out int length)
    {
        value = 0;
        length = _bitWidth == 0 ? int.MaxValue : 0;
        return _bitWidth == 0;
    }

    /// <summary>Skips the next levels.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="count">Levels to skip; 0 or more.</param>
    /// <returns><see cref="DecodeStatus.Ok"/>, or <see cref="DecodeStatus.InputTooShort"/> when the
    /// stream ends too early.</returns>
    public DecodeStatus Skip(ReadOnlySpan<byte> page, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Left)
            return DecodeStatus.InputTooShort;
        _drawn += count;
        return DecodeStatus.Ok;
    }

    private readonly long Left => _bitWidth == 0 ? long.MaxValue : ((_end - _start) * 8L / _bitWidth) - _drawn;
}
