using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Stage;

/// <summary>
/// The published text, block by block: IDs joined by LF, with or without one at the end; no IDs are no bytes. Counts what it hands out. Blocks are always filled, so the
/// same IDs reach the compressor in the same pieces.
/// </summary>
internal sealed class IdText(ISortedIds ids, bool trailingNewline)
{
    private const byte NewLine = (byte)'\n';

    // An ID that did not fit into the last block, or its tail.
    private byte[] _rest = [];
    private int _restStart;
    private int _restEnd;
    private bool _ended;

    /// <summary>IDs so far.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Fills a block.</summary>
    /// <returns>Bytes put there; fewer than there is room only at the end of the text, 0 after it.</returns>
    /// <exception cref="InputDataException">An ID is empty or holds a line break. The steps before refuse such IDs; a text that held one would be read as other IDs.</exception>
    public int Fill(Span<byte> block)
    {
        var filled = 0;
        while (filled < block.Length)
        {
            if (_restStart < _restEnd)
                filled += TakeRest(block[filled..]);
            else if (_ended)
                break;
            else if (ids.TryNext(out var id))
                filled += Put(id, block[filled..]);
            else
                End();
        }

        Bytes += filled;
        return filled;
    }

    private int Put(ReadOnlySpan<byte> id, Span<byte> room)
    {
        if (id.IsEmpty)
            throw new InputDataException("An ID to be published is empty", null, "see --on-null-id");
        if (id.ContainsAny(NewLine, (byte)'\r'))
            throw new InputDataException("An ID to be published holds a line break", null, "mend the ID in the source table");

        var separator = Count++ > 0 ? 1 : 0;
        var length = separator + id.Length;
        if (length > room.Length)
        {
            if (_rest.Length < length)
                _rest = new byte[Math.Max(length, 4096)];
            room = _rest;
            (_restStart, _restEnd) = (0, length);
        }

        if (separator > 0)
            room[0] = NewLine;
        id.CopyTo(room[separator..]);
        return _restEnd > 0 ? 0 : length;
    }

    private int TakeRest(Span<byte> room)
    {
        var taken = Math.Min(room.Length, _restEnd - _restStart);
        _rest.AsSpan(_restStart, taken).CopyTo(room);
        _restStart += taken;
        if (_restStart == _restEnd)
            (_restStart, _restEnd) = (0, 0);
        return taken;
    }

    private void End()
    {
        _ended = true;
        if (!trailingNewline || Count == 0)
            return;
        if (_rest.Length == 0)
            _rest = new byte[1];
        _rest[0] = NewLine;
        (_restStart, _restEnd) = (0, 1);
    }
}
