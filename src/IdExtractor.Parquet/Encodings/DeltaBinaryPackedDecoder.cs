using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// DELTA_BINARY_PACKED integers: a header with the first value, then blocks of miniblocks of
/// bit-packed differences, each minus the smallest difference of its block.
/// </summary>
/// <remarks>
/// Holds positions only. Each call takes the page, which must be the one given to
/// <see cref="Init"/>. Sums use 64 bits and are truncated to the column's own width: INT32
/// differences may need 33 bits (DuckDB writes such files). Miniblocks without values have no
/// body, whatever their bit width; the last body may lack its padding. After an error the decoder
/// can no longer be used.
/// </remarks>
public struct DeltaBinaryPackedDecoder
{
    private const int WidestDelta = 64;
    private const int SkipBatch = 128;
    private const int WideBatch = 128;

    private int _position;
    private int _end;
    private int _valuesInMiniblock;
    private int _miniblocksInBlock;
    private int _totalCount;
    private int _left;
    private bool _is32Bit;
    private bool _firstIsDrawn;
    private long _last;

    private int _widthsPosition;
    private int _nextMiniblock;
    private long _smallestDelta;
    private int _bodyPosition;
    private int _bitWidth;
    private int _drawnOfMiniblock;
    private int _leftInMiniblock;

    /// <summary>The number of values in the stream, from its header.</summary>
    public readonly int TotalCount => _totalCount;

    /// <summary>Starts a stream. An empty stream has no values.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="start">The first byte of the header.</param>
    /// <param name="end">The first byte that cannot belong to the stream.</param>
    /// <param name="is32Bit">Whether the column is INT32, else INT64.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InputTooShort"/> when the header is
    /// truncated; <see cref="DecodeStatus.InvalidHeader"/> for a malformed number, a miniblock
    /// whose length is not a positive multiple of 8 (the format requires 32; some writers use
    /// less), or a block or stream of 2^31 or more values; <see cref="DecodeStatus.InvalidLength"/>
    /// when the extent is not inside the page.
    /// </returns>
    public DecodeStatus Init(ReadOnlySpan<byte> page, int start, int end, bool is32Bit)
    {
        this = default;
        if (start < 0 || start > end || end > page.Length)
            return DecodeStatus.InvalidLength;
        _position = start;
        _end = end;
        _is32Bit = is32Bit;
        if (start == end)
            return DecodeStatus.Ok;

        if (!Varint.TryReadUInt64(page, ref _position, end, out var blockLength)
            || !Varint.TryReadUInt64(page, ref _position, end, out var miniblocks)
            || !Varint.TryReadUInt64(page, ref _position, end, out var count)
            || !Varint.TryReadZigZag64(page, ref _position, end, out _last))
        {
            return Varint.Failure(_position, end, Varint.MaxLength64);
        }

        if (miniblocks == 0 || miniblocks > blockLength || blockLength % miniblocks != 0 || blockLength / miniblocks % 8 != 0)
            return DecodeStatus.InvalidHeader;
        if (blockLength > int.MaxValue || count > int.MaxValue)
            return DecodeStatus.InvalidHeader;

        _valuesInMiniblock = (int)(blockLength / miniblocks);
        _miniblocksInBlock = (int)miniblocks;
        _nextMiniblock = _miniblocksInBlock;
        _totalCount = (int)count;
        _left = _totalCount;
        return DecodeStatus.Ok;
    }

    /// <summary>Reads the next values; those of an INT32 column are sign-extended.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="destination">Receives the values; is filled completely.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InputTooShort"/> when the stream has
    /// fewer values or is truncated; <see cref="DecodeStatus.InvalidBitWidth"/> for a miniblock of
    /// more than 64 bits per value; <see cref="DecodeStatus.InvalidHeader"/> for a malformed block
    /// header.
    /// </returns>
    public DecodeStatus Read(ReadOnlySpan<byte> page, Span<long> destination)
    {
        if (destination.Length > _left)
            return DecodeStatus.InputTooShort;
        if (!destination.IsEmpty && TryDrawFirst())
        {
            destination[0] = _is32Bit ? (int)_last : _last;
            destination = destination[1..];
        }

        while (!destination.IsEmpty)
        {
            var status = EnsureMiniblock(page);
            if (status != DecodeStatus.Ok)
                return status;
            var part = destination[..Math.Min(_leftInMiniblock, destination.Length)];
            _last = UnpackSums(page, part);
            if (_is32Bit)
                CutTo32Bits(part);
            Advance(part.Length);
            destination = destination[part.Length..];
        }

        return DecodeStatus.Ok;
    }

    /// <summary>Reads the next values of an INT32 column.</summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="destination">Receives the values; is filled completely.</param>
    /// <returns>As for 64-bit values; <see cref="DecodeStatus.Unsupported"/> when the column is
    /// INT64.</returns>
    public DecodeStatus Read(ReadOnlySpan<byte> page, Span<int> destination)
    {
        if (!_is32Bit)
            return DecodeStatus.Unsupported;
        if (destination.Length > _left)
            return DecodeStatus.InputTooShort;
        if (!destination.IsEmpty && TryDrawFirst())
        {
            destination[0] = (int)_last;
            destination = destination[1..];
        }

        while (!destination.IsEmpty)
        {
            var status = EnsureMiniblock(page);
            if (status != DecodeStatus.Ok)
                return status;
            var part = destination[..Math.Min(_leftInMiniblock, destination.Length)];
            _last = UnpackSums(page, part);
            Advance(part.Length);
            destination = destination[part.Length..];
        }

        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Skips the next values. The work is bounded by the bytes that hold them, not by their number.
    /// </summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="count">Values to skip; 0 or more.</param>
    /// <returns>As for reading.</returns>
    public DecodeStatus Skip(ReadOnlySpan<byte> page, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _left)
            return DecodeStatus.InputTooShort;
        if (count > 0 && TryDrawFirst())
            count--;

        Span<long> passed = stackalloc long[SkipBatch];
        while (count > 0)
        {
            var status = EnsureMiniblock(page);
            if (status != DecodeStatus.Ok)
                return status;
            var part = Math.Min(_leftInMiniblock, count);
            if (_bitWidth == 0)
            {
                _last = unchecked(_last + (_smallestDelta * part));
                Advance(part);
            }
            else
            {
                part = Math.Min(part, SkipBatch);
                status = Read(page, passed[..part]);
                if (status != DecodeStatus.Ok)
                    return status;
            }

            count -= part;
        }

        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Finds the end of the stream without consuming it. The data that follows, as in
    /// DELTA_LENGTH_BYTE_ARRAY, starts there.
    /// </summary>
    /// <param name="page">The page given to <see cref="Init"/>.</param>
    /// <param name="endPosition">The first byte after the stream and its padding.</param>
    /// <returns>As for reading all remaining values.</returns>
    public readonly DecodeStatus FindEnd(ReadOnlySpan<byte> page, out int endPosition)
    {
        var walk = this;
        endPosition = 0;
        if (walk._left > 0)
            walk.TryDrawFirst();
        while (walk._left > 0)
        {
            var status = walk.EnsureMiniblock(page);
            if (status != DecodeStatus.Ok)
                return status;
            walk.Advance(walk._leftInMiniblock);
        }

        endPosition = walk._position;
        return DecodeStatus.Ok;
    }

    private static void CutTo32Bits(Span<long> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (int)values[i];
    }

    private bool TryDrawFirst()
    {
        if (_firstIsDrawn)
            return false;
        _firstIsDrawn = true;
        _left--;
        return true;
    }

    private void Advance(int count)
    {
        _drawnOfMiniblock += count;
        _leftInMiniblock -= count;
        _left -= count;
    }

    private readonly long UnpackSums(ReadOnlySpan<byte> page, Span<long> destination)
    {
        var body = page[_bodyPosition.._end];
        if (_bitWidth == 0)
            return PrefixSum.Repeat(destination, _smallestDelta, _last);
        if (_bitWidth > 32)
        {
            BitUnpacker.Unpack64(body, _drawnOfMiniblock, _bitWidth, MemoryMarshal.Cast<long, ulong>(destination));
            return PrefixSum.Accumulate(destination, _smallestDelta, _last);
        }

        // At half the width, the differences fit the upper half of the destination. Summing reads
        // each before it is overwritten.
        var upperHalf = MemoryMarshal.Cast<long, uint>(destination)[destination.Length..];
        BitUnpacker.Unpack32(body, _drawnOfMiniblock, _bitWidth, upperHalf);
        return PrefixSum.Accumulate(upperHalf, destination, _smallestDelta, _last);
    }

    private readonly int UnpackSums(ReadOnlySpan<byte> page, Span<int> destination)
    {
        var body = page[_bodyPosition.._end];
        if (_bitWidth == 0)
            return PrefixSum.Repeat(destination, (int)_smallestDelta, (int)_last);
        if (_bitWidth <= 32)
            BitUnpacker.Unpack32(body, _drawnOfMiniblock, _bitWidth, MemoryMarshal.Cast<int, uint>(destination));
        else
            UnpackLowHalves(body, destination);
        return PrefixSum.Accumulate(destination, (int)_smallestDelta, (int)_last);
    }

    /// <summary>
    /// Unpacks the low halves of wider differences: sums modulo 2^32 need no more.
    /// </summary>
    private readonly void UnpackLowHalves(ReadOnlySpan<byte> body, Span<int> destination)
    {
        Span<ulong> wide = stackalloc ulong[WideBatch];
        for (var done = 0; done < destination.Length;)
        {
            var part = wide[..Math.Min(wide.Length, destination.Length - done)];
            BitUnpacker.Unpack64(body, (long)_drawnOfMiniblock + done, _bitWidth, part);
            foreach (var delta in part)
                destination[done++] = (int)delta;
        }
    }

    /// <summary>
    /// Moves to the next miniblock when the last one is used up; at least one value must be left in
    /// the stream.
    /// </summary>
    private DecodeStatus EnsureMiniblock(ReadOnlySpan<byte> page)
    {
        if (_leftInMiniblock > 0)
            return DecodeStatus.Ok;
        if (_nextMiniblock == _miniblocksInBlock)
        {
            if (!Varint.TryReadZigZag64(page, ref _position, _end, out _smallestDelta))
                return Varint.Failure(_position, _end, Varint.MaxLength64);
            if (_miniblocksInBlock > _end - _position)
                return DecodeStatus.InputTooShort;
            _widthsPosition = _position;
            _position += _miniblocksInBlock;
            _nextMiniblock = 0;
        }

        var width = page[_widthsPosition + _nextMiniblock];
        if (width > WidestDelta)
            return DecodeStatus.InvalidBitWidth;
        var used = Math.Min(_valuesInMiniblock, _left);
        var available = _end - _position;
        if ((((long)used * width) + 7) >> 3 > available)
            return DecodeStatus.InputTooShort;
        _nextMiniblock++;
        _bitWidth = width;
        _bodyPosition = _position;
        _drawnOfMiniblock = 0;
        _leftInMiniblock = used;
        _position += (int)Math.Min((_valuesInMiniblock >> 3) * (long)width, available);
        return DecodeStatus.Ok;
    }
}
