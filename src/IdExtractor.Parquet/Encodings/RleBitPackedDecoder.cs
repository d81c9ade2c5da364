using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// The hybrid of runs and bit-packed groups (Parquet's RLE encoding) for levels, dictionary indices
/// and booleans. The stream starts with the first run: the caller consumes any length prefix or
/// bit-width byte before it.
/// </summary>
/// <remarks>
/// Holds positions only. Each call takes the page, which must be the one given to
/// <see cref="Init"/>. A run may be longer than one read. The end of the stream may cut the last
/// packed run, since some writers do not pad it: the complete values are read. Empty runs are
/// skipped. After an error the decoder can no longer be used.
/// </remarks>
internal struct RleBitPackedDecoder
{
    private const int GroupLength = 8;
    private const int LevelBatch = 128;

    private int _position;
    private int _end;
    private int _bitWidth;
    private long _runLeft;
    private bool _isPacked;
    private int _repeatedValue;
    private int _packedStart;
    private long _packedDrawn;

    /// <summary>Starts a stream.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the runs.</param>
    /// <param name="end">The first byte after the runs.</param>
    /// <param name="bitWidth">Bits per value, 0..32. A stream of width 0 is an endless run of
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
        _position = start;
        _end = end;
        _bitWidth = bitWidth;
        _runLeft = bitWidth == 0 ? long.MaxValue : 0;
        return DecodeStatus.Ok;
    }

    /// <summary>Reads the next values.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="destination">Receives the values; is filled completely.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InputTooShort"/> when the runs end
    /// too early; <see cref="DecodeStatus.InvalidHeader"/> for a malformed run header;
    /// <see cref="DecodeStatus.InvalidValue"/> for a value of 2^31 or more, or one with bits above
    /// the width.
    /// </returns>
    public DecodeStatus Read(ReadOnlySpan<byte> page, Span<int> destination)
    {
        while (!destination.IsEmpty)
        {
            var status = EnsureRun(page);
            if (status != DecodeStatus.Ok)
                return status;
            var count = (int)Math.Min(_runLeft, destination.Length);
            var part = destination[..count];
            if (!_isPacked)
                part.Fill(_repeatedValue);
            else if (!UnpackIndices(page, part))
                return DecodeStatus.InvalidValue;
            Advance(count);
            destination = destination[count..];
        }

        return DecodeStatus.Ok;
    }

    /// <summary>Reads the next values as levels.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="destination">Receives the levels; is filled completely.</param>
    /// <param name="maxLevel">The highest level that the column can have, 0..255.</param>
    /// <returns>As <see cref="Read"/>; <see cref="DecodeStatus.InvalidValue"/> for a level above
    /// <paramref name="maxLevel"/> as well.</returns>
    public DecodeStatus ReadLevels(ReadOnlySpan<byte> page, Span<byte> destination, int maxLevel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLevel, byte.MaxValue);
        while (!destination.IsEmpty)
        {
            var status = EnsureRun(page);
            if (status != DecodeStatus.Ok)
                return status;
            var count = (int)Math.Min(_runLeft, destination.Length);
            var part = destination[..count];
            if (!_isPacked)
            {
                if (_repeatedValue > maxLevel)
                    return DecodeStatus.InvalidValue;
                part.Fill((byte)_repeatedValue);
            }
            else if (_bitWidth == 1 && maxLevel > 0)
            {
                LevelBits.Expand(page[_packedStart.._position], _packedDrawn, part);
            }
            else
            {
                count = Math.Min(count, LevelBatch);
                if (!UnpackLevels(page, part[..count], maxLevel))
                    return DecodeStatus.InvalidValue;
            }

            Advance(count);
            destination = destination[count..];
        }

        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Checks whether the next values are a run of one value. Consumes nothing; <see cref="Skip"/>
    /// skips the run, or a part of it.
    /// </summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="value">The value of the run.</param>
    /// <param name="length">The values left in the run, at least 1; may be more than the page
    /// has.</param>
    /// <returns>
    /// False when the next values are packed, at the end, or before an error, which the next read
    /// reports.
    /// </returns>
    public bool TryGetRun(ReadOnlySpan<byte> page, out int value, out int length)
    {
        var found = EnsureRun(page) == DecodeStatus.Ok && !_isPacked;
        value = found ? _repeatedValue : 0;
        length = found ? (int)Math.Min(_runLeft, int.MaxValue) : 0;
        return found;
    }

    /// <summary>Skips the next values without checking packed ones.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="count">Values to skip; 0 or more.</param>
    /// <returns>As <see cref="Read"/>.</returns>
    public DecodeStatus Skip(ReadOnlySpan<byte> page, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while (count > 0)
        {
            var status = EnsureRun(page);
            if (status != DecodeStatus.Ok)
                return status;
            var part = (int)Math.Min(_runLeft, count);
            Advance(part);
            count -= part;
        }

        return DecodeStatus.Ok;
    }

    private void Advance(int count)
    {
        _packedDrawn += count;

        // A stream of width 0 never ends.
        if (_bitWidth != 0)
            _runLeft -= count;
    }

    private bool UnpackIndices(ReadOnlySpan<byte> page, Span<int> destination)
    {
        BitUnpacker.Unpack32(page[_packedStart.._end], _packedDrawn, _bitWidth, MemoryMarshal.Cast<int, uint>(destination));
        return _bitWidth < 32 || destination.IndexOfAnyExceptInRange(0, int.MaxValue) < 0;
    }

    private readonly bool UnpackLevels(ReadOnlySpan<byte> page, Span<byte> destination, int maxLevel)
    {
        Span<uint> wide = stackalloc uint[LevelBatch];
        wide = wide[..destination.Length];
        BitUnpacker.Unpack32(page[_packedStart.._end], _packedDrawn, _bitWidth, wide);
        for (var i = 0; i < wide.Length; i++)
        {
            if (wide[i] > (uint)maxLevel)
                return false;
            destination[i] = (byte)wide[i];
        }

        return true;
    }

    /// <summary>
    /// Reads run headers until a run has values left. An error moves nothing, so the next call
    /// returns it again.
    /// </summary>
    private DecodeStatus EnsureRun(ReadOnlySpan<byte> page)
    {
        while (_runLeft == 0)
        {
            var position = _position;
            if (!Varint.TryReadUInt32(page, ref position, _end, out var header))
                return Varint.Failure(position, _end, Varint.MaxLength32);
            var status = (header & 1) == 0 ? BeginRepeated(page, position, (int)(header >> 1)) : BeginPacked(position, header >> 1);
            if (status != DecodeStatus.Ok)
                return status;
        }

        return DecodeStatus.Ok;
    }

    private DecodeStatus BeginRepeated(ReadOnlySpan<byte> page, int position, int length)
    {
        var valueLength = (_bitWidth + 7) >> 3;
        if (valueLength > _end - position)
            return DecodeStatus.InputTooShort;
        ulong value = 0;
        for (var i = 0; i < valueLength; i++)
            value |= (ulong)page[position + i] << (8 * i);
        if (value > int.MaxValue || value >> _bitWidth != 0)
            return DecodeStatus.InvalidValue;
        _position = position + valueLength;
        _isPacked = false;
        _repeatedValue = (int)value;
        _runLeft = length;
        return DecodeStatus.Ok;
    }

    private DecodeStatus BeginPacked(int position, uint groups)
    {
        var length = (long)groups * _bitWidth;
        var available = _end - position;
        _isPacked = true;
        _packedStart = position;
        _packedDrawn = 0;
        _position = position + (int)Math.Min(length, available);
        _runLeft = length <= available ? (long)groups * GroupLength : available * 8L / _bitWidth;
        return DecodeStatus.Ok;
    }
}
