using System.Runtime.InteropServices;
using IdExtractor.Parquet.Encodings;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// The positions in the dictionary that a page holds as runs and bit-packed groups, drawn from the page as it slides by: a run or a group may begin in one window and end in the next. Reusable.
/// Twin: <see cref="RleBitPackedDecoder"/>, which has the whole page at hand.
/// </summary>
internal sealed unsafe class SlidingIndices(SlidingValues values)
{
    private const int GroupLength = 8;
    private const int MaxBitWidth = 32;

    private bool _isOpen;
    private int _bitWidth;
    private long _runLeft;
    private bool _isPacked;
    private int _repeatedValue;

    /// <summary>Values of the packed group at hand that have been drawn; its bytes stay in the window until all are.</summary>
    private int _drawnOfGroup;

    /// <summary>Begins a page.</summary>
    public void Open() => (_isOpen, _runLeft, _drawnOfGroup) = (false, 0, 0);

    /// <summary>Draws the next positions, none of them looked at. The levels of the page must have been read.</summary>
    /// <param name="destination">Receives them.</param>
    /// <returns>How many; 0 when the page has to go on, or has no more.</returns>
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

            // Zeros of width 0 have no end.
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

    /// <summary>Draws what the window has of the packed run at hand.</summary>
    /// <returns>The part that was drawn.</returns>
    private Span<int> Unpack(Span<int> destination)
    {
        var page = values.Page;
        var available = (page.UnreadLength * 8L / _bitWidth) - _drawnOfGroup;
        var count = (int)Math.Min(destination.Length, available);
        if (count <= 0)
            return default;
        destination = destination[..count];
        BitUnpacker.Unpack32(new ReadOnlySpan<byte>(page.Unread, page.UnreadLength), _drawnOfGroup, _bitWidth, MemoryMarshal.Cast<int, uint>(destination));
        var drawn = _drawnOfGroup + count;
        page.Consume(drawn / GroupLength * _bitWidth);
        _drawnOfGroup = drawn % GroupLength;
        return destination;
    }

    /// <summary>Reads the headers of runs until one has values. False when the window ends before.</summary>
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
