using System.Runtime.InteropServices;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Decodes the dictionary positions of a page, stored as runs and bit-packed groups, as the page
/// slides by. A run or a group may start in one window and end in the next. Reusable. Reference
/// implementation: <see cref="RleBitPackedDecoder"/>, which needs the whole page.
/// </summary>
internal sealed unsafe class SlidingIndices(SlidingValues values)
{
    private const int GroupLength = 8;
    private const int MaxBitWidth = 32;

    private readonly int[] _read = new int[ColumnBatch.MaxRows];
    private int _readFirst;
    private int _readCount;
    private bool _isOpen;
    private int _bitWidth;
    private long _runLeft;
    private bool _isPacked;
    private int _repeatedValue;

    /// <summary>
    /// Values already decoded from the current packed group. The group's bytes stay in the window
    /// until all are.
    /// </summary>
    private int _drawnOfGroup;

    /// <summary>Opens a page.</summary>
    public void Open() => (_isOpen, _runLeft, _drawnOfGroup, _readFirst, _readCount) = (false, 0, 0, 0, 0);

    /// <summary>
    /// Decodes up to one of the page's values. All positions on the way are checked.
    /// </summary>
    /// <param name="index">Index of the value; not below that of an earlier call.</param>
    /// <param name="entries">Entries in the dictionary.</param>
    /// <param name="entry">The value's position in the dictionary.</param>
    /// <returns>False when more of the page is needed first.</returns>
    public bool TryReadAt(int index, int entries, out int entry)
    {
        entry = 0;
        while (index >= _readFirst + _readCount)
        {
            _readFirst += _readCount;
            _readCount = Read(_read);
            if (_readCount == 0)
            {
                values.CheckNotEnded();
                return false;
            }

            if (IndexRange.Exceeds(_read.AsSpan(0, _readCount), entries))
                values.Throw(DecodeStatus.InvalidValue);
        }

        entry = _read[index - _readFirst];
        return true;
    }

    /// <summary>
    /// Decodes the next positions, without checking them. The levels of the page must already have
    /// been read.
    /// </summary>
    /// <param name="destination">Receives them.</param>
    /// <returns>The number decoded; 0 when it needs more of the page, or the page has no
    /// more.</returns>
    public int Read(Span<int> destination)
    {
        destination = destination[..Math.Min(destination.Length, values.ValuesLeft)];
        if (destination.IsEmpty || !TryReadWidth())
            return 0;
        var drawn = 0;
        while (drawn < destination.Length && (_runLeft > 0 || TryBeginRun()))
        {
            var part = destination.Slice(drawn, (int)Math.Min(_runLeft, destination.Length - drawn));
            if (_isPacked)
                part = Unpack(part);
            else
                part.Fill(_repeatedValue);
            if (part.IsEmpty)
                break;
            drawn += part.Length;

            // With bit width 0 the page is one endless run of zeros.
            if (_bitWidth != 0)
                _runLeft -= part.Length;
        }

        values.Consume(drawn, bytes: 0);
        return drawn;
    }

    private bool TryReadWidth()
    {
        if (_isOpen)
            return true;
        if (values.Page.UnreadLength == 0)
            return false;
        _bitWidth = *values.Page.Unread;
        if (_bitWidth > MaxBitWidth)
            values.Throw(DecodeStatus.InvalidBitWidth);
        values.Page.Consume(1);
        (_isPacked, _repeatedValue, _runLeft) = (false, 0, _bitWidth == 0 ? long.MaxValue : 0);
        return _isOpen = true;
    }

    /// <summary>Decodes as much of the current packed run as the window holds.</summary>
    /// <returns>The part of the destination that was filled.</returns>
    private Span<int> Unpack(Span<int> destination)
    {
        var page = values.Page;
        var available = (page.UnreadLength * 8L / _bitWidth) - _drawnOfGroup;
        var count = (int)Math.Min(destination.Length, available);
        if (count <= 0)
            return default;
        destination = destination[..count];
        BitUnpacker.Unpack32(
            new ReadOnlySpan<byte>(page.Unread, page.UnreadLength), _drawnOfGroup, _bitWidth, MemoryMarshal.Cast<int, uint>(destination));
        var drawn = _drawnOfGroup + count;
        page.Consume(drawn / GroupLength * _bitWidth);
        _drawnOfGroup = drawn % GroupLength;
        return destination;
    }

    /// <summary>
    /// Reads headers of runs up to the next one with values. False when the window ends first.
    /// </summary>
    private bool TryBeginRun()
    {
        while (_runLeft == 0)
        {
            var window = new ReadOnlySpan<byte>(values.Page.Unread, values.Page.UnreadLength);
            var position = 0;
            if (!Varint.TryReadUInt32(window, ref position, window.Length, out var header))
            {
                if (window.Length >= Varint.MaxLength32)
                    values.Throw(DecodeStatus.InvalidHeader);
                return false;
            }

            _isPacked = (header & 1) != 0;
            if (!_isPacked && !TryReadRepeated(window, ref position))
                return false;
            _runLeft = (long)(header >> 1) * (_isPacked ? GroupLength : 1);
            values.Page.Consume(position);
        }

        return true;
    }

    private bool TryReadRepeated(ReadOnlySpan<byte> window, ref int position)
    {
        var length = (_bitWidth + 7) >> 3;
        if (length > window.Length - position)
            return false;
        ulong value = 0;
        for (var i = 0; i < length; i++)
            value |= (ulong)window[position++] << (8 * i);
        if (value > int.MaxValue || value >> _bitWidth != 0)
            values.Throw(DecodeStatus.InvalidValue);
        _repeatedValue = (int)value;
        return true;
    }
}
