namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// DELTA_BYTE_ARRAY values, of BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY columns: how many bytes each shares with the value before it (DELTA_BINARY_PACKED INT32), then the rest of each
/// (DELTA_LENGTH_BYTE_ARRAY). Since the values are not in the page, they are put together in an arena of the caller's.
/// </summary>
/// <remarks>
/// Gets the page at each call, which must be the one given to <see cref="Init"/>. The value before the next one is kept here, so that a batch may begin in mid-page with an empty arena. No value is
/// longer than all suffixes together, hence than the page; that bounds what is kept. The buffer for it is kept from page to page and grows seldom. After an error the decoder is of no more use.
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

    /// <summary>The values in the stream, as its header says.</summary>
    public readonly int TotalCount => _prefixLengths.TotalCount;

    /// <summary>Begins a stream. One without a byte is one without a value.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the prefix lengths.</param>
    /// <param name="end">The first byte behind the suffixes.</param>
    /// <returns>
    /// The status of <see cref="DeltaBinaryPackedDecoder.Init"/> or <see cref="DeltaBinaryPackedDecoder.FindEnd"/> on either stream of lengths; <see cref="DecodeStatus.InvalidHeader"/> when the two
    /// do not have the same number of values.
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

    /// <summary>Puts together the next values, until all places are filled or the next value does not fit the arena.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="arena">Receives the bytes of the values. Must not overlap <paramref name="page"/>. Bytes behind <paramref name="arenaUsed"/> may be overwritten with anything.</param>
    /// <param name="arenaUsed">The bytes of the arena in use, which are left alone; grows by the values.</param>
    /// <param name="offsets">Receives where in <paramref name="arena"/> each value begins.</param>
    /// <param name="lengths">Receives the length of each value in bytes; as long as <paramref name="offsets"/>.</param>
    /// <param name="decoded">The values put together; those places of the spans are filled, the others mean nothing. 0 without an error: the next value needs a larger arena, never more than the page's length.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InvalidLength"/> when a prefix is longer than the value before it, a suffix reaches behind the end, or one is negative; the status of
    /// <see cref="DeltaBinaryPackedDecoder.Read(ReadOnlySpan{byte}, Span{int})"/> otherwise.
    /// </returns>
    /// <exception cref="ArgumentException">The two spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="arenaUsed"/> is outside the arena.</exception>
    public DecodeStatus Read(ReadOnlySpan<byte> page, Span<byte> arena, ref int arenaUsed, Span<int> offsets, Span<int> lengths, out int decoded)
    {
        if (offsets.Length != lengths.Length)
            throw new ArgumentException("Offsets and lengths must have the same number of places.", nameof(lengths));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)arenaUsed, (uint)arena.Length, nameof(arenaUsed));
        decoded = 0;

        // Before the first value of a call, the previous one is not in the arena but here.
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

        // The arena is full: the lengths of the values that are left are drawn again next time.
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
