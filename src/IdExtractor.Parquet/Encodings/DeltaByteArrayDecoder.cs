namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// DELTA_BYTE_ARRAY values of BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY columns: the lengths of the
/// prefixes that each shares with the previous value (DELTA_BINARY_PACKED INT32), then the suffixes
/// (DELTA_LENGTH_BYTE_ARRAY). The page does not contain whole values, so they are joined in an
/// arena that the caller provides.
/// </summary>
/// <remarks>
/// Each call takes the page, which must be the one given to <see cref="Init"/>. The decoder keeps
/// the previous value, so that a batch may start in the middle of a page with an empty arena. No
/// value is longer than all suffixes together, and therefore than the page, which bounds the copy.
/// Its buffer is reused from page to page and seldom grows. After an error the decoder can no
/// longer be used.
/// </remarks>
public struct DeltaByteArrayDecoder
{
    private const int Batch = 256;
    private const int SmallestKept = 64;

    private DeltaBinaryPackedDecoder _prefixLengths;
    private DeltaBinaryPackedDecoder _suffixLengths;
    private int _suffixPosition;
    private int _end;
    private byte[]? _previous;
    private int _previousLength;

    /// <summary>The number of values in the stream, from its header.</summary>
    public readonly int TotalCount => _prefixLengths.TotalCount;

    /// <summary>Starts a stream. An empty stream has no values.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the prefix lengths.</param>
    /// <param name="end">The first byte after the suffixes.</param>
    /// <returns>
    /// The status of <see cref="DeltaBinaryPackedDecoder.Init"/> or
    /// <see cref="DeltaBinaryPackedDecoder.FindEnd"/> on either stream of lengths;
    /// <see cref="DecodeStatus.InvalidHeader"/> when the two do not have the same number of values.
    /// </returns>
    public DecodeStatus Init(ReadOnlySpan<byte> page, int start, int end)
    {
        this = new DeltaByteArrayDecoder { _previous = _previous };
        var prefixes = default(DeltaBinaryPackedDecoder);
        var suffixes = default(DeltaBinaryPackedDecoder);
        var status = prefixes.Init(page, start, end, is32Bit: true);
        if (status == DecodeStatus.Ok)
            status = prefixes.FindEnd(page, out _suffixPosition);
        if (status == DecodeStatus.Ok)
            status = suffixes.Init(page, _suffixPosition, end, is32Bit: true);
        if (status == DecodeStatus.Ok)
            status = suffixes.FindEnd(page, out _suffixPosition);
        if (status != DecodeStatus.Ok)
            return status;
        if (prefixes.TotalCount != suffixes.TotalCount)
            return DecodeStatus.InvalidHeader;
        _prefixLengths = prefixes;
        _suffixLengths = suffixes;
        _end = end;
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Joins the next values, until all places are filled or the next value does not fit the arena.
    /// </summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="arena">
    /// Receives the bytes of the values. Must not overlap <paramref name="page"/>. Bytes after
    /// <paramref name="arenaUsed"/> may be overwritten with anything.
    /// </param>
    /// <param name="arenaUsed">
    /// The bytes of the arena in use, which are not changed; grows by the values.
    /// </param>
    /// <param name="offsets">Receives where in <paramref name="arena"/> each value starts.</param>
    /// <param name="lengths">
    /// Receives the length of each value in bytes; as long as <paramref name="offsets"/>.
    /// </param>
    /// <param name="decoded">
    /// The values joined. That many places of the spans are valid, the others are undefined. 0
    /// without an error: the next value needs a larger arena, never more than the page's length.
    /// </param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InvalidLength"/> when a prefix is
    /// longer than the previous value, a suffix extends past the end, or one is negative; the
    /// status of <see cref="DeltaBinaryPackedDecoder.Read(ReadOnlySpan{byte}, Span{int})"/>
    /// otherwise.
    /// </returns>
    /// <exception cref="ArgumentException">The two spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="arenaUsed"/> is outside the
    /// arena.</exception>
    public DecodeStatus Read(
        ReadOnlySpan<byte> page, Span<byte> arena, ref int arenaUsed, Span<int> offsets, Span<int> lengths, out int decoded)
    {
        if (offsets.Length != lengths.Length)
            throw new ArgumentException("Offsets and lengths must have the same number of places.", nameof(lengths));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)arenaUsed, (uint)arena.Length, nameof(arenaUsed));
        decoded = 0;

        // At the start of a call the previous value is here and not in the arena.
        var joiner = new PrefixJoiner(page[.._end], _suffixPosition, arena, arenaUsed, _previous.AsSpan(0, _previousLength));
        var status = DecodeStatus.Ok;
        var isFull = false;
        while (status == DecodeStatus.Ok && decoded < offsets.Length && !isFull)
        {
            var batch = Math.Min(Batch, offsets.Length - decoded);
            status = ReadBatch(page, ref joiner, offsets.Slice(decoded, batch), lengths.Slice(decoded, batch), out var joined);
            decoded += joined;
            isFull = joined < batch;
        }

        if (status != DecodeStatus.Ok)
        {
            decoded = 0;
            return status;
        }

        if (decoded > 0)
            Keep(joiner.Previous);
        _suffixPosition = joiner.SuffixPosition;
        arenaUsed = joiner.ArenaUsed;
        return DecodeStatus.Ok;
    }

    private DecodeStatus ReadBatch(ReadOnlySpan<byte> page, ref PrefixJoiner joiner, Span<int> offsets, Span<int> lengths, out int joined)
    {
        joined = 0;
        var prefixLengths = _prefixLengths;
        var suffixLengths = _suffixLengths;
        var status = _prefixLengths.Read(page, offsets);
        if (status == DecodeStatus.Ok)
            status = _suffixLengths.Read(page, lengths);
        if (status == DecodeStatus.Ok)
            status = joiner.Join(offsets, lengths, out joined);
        if (status != DecodeStatus.Ok || joined == offsets.Length)
            return status;

        // The arena is full: the next call reads the lengths of the remaining values again.
        _prefixLengths = prefixLengths;
        _suffixLengths = suffixLengths;
        status = _prefixLengths.Skip(page, joined);
        return status == DecodeStatus.Ok ? _suffixLengths.Skip(page, joined) : status;
    }

    private void Keep(ReadOnlySpan<byte> value)
    {
        if (_previous is null || _previous.Length < value.Length)
            _previous = new byte[Math.Max(SmallestKept, (int)Math.Min(2L * value.Length, Array.MaxLength))];
        value.CopyTo(_previous);
        _previousLength = value.Length;
    }
}
