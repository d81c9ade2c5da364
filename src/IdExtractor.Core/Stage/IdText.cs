using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Stage;

/// <summary>
/// The published text, block by block: IDs joined by LF, with or without one at the end; no IDs
/// give no bytes. Counts what it returns. Blocks are always filled, so the same IDs reach the
/// compressor in the same pieces.
/// </summary>
internal sealed class IdText(ISortedIds ids, bool trailingNewline)
{
    private const byte NewLine = (byte)'\n';

    // An ID that did not fit into the last block, with the line break before it, or the tail of
    // both.
    private byte[] _rest = [];
    private int _restStart;
    private int _restEnd;
    private bool _restHasNewLine;
    private bool _ended;

    /// <summary>IDs so far.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Fills a block.</summary>
    /// <returns>Bytes put there; fewer than there is room only at the end of the text, 0 after
    /// it.</returns>
    /// <exception cref="InputDataException">An ID is empty or holds a line break. The steps before
    /// refuse such IDs; a text that held one would be read as other IDs.</exception>
    public int Fill(Span<byte> block)
    {
        var filled = 0;
        var newLines = 0;
        while (filled < block.Length)
        {
            if (_restStart < _restEnd)
                filled += TakeRest(block[filled..], ref newLines);
            else if (_ended)
                break;
            else if (ids.TryNext(out var id))
                filled += Put(id, block[filled..], ref newLines);
            else
                End();
        }

        Check(block[..filled], newLines);
        Bytes += filled;
        return filled;
    }

    /// <summary>
    /// Finds a line break inside an ID. One check per block costs less than one per ID.
    /// </summary>
    private static void Check(ReadOnlySpan<byte> block, int newLines)
    {
        if (block.Count(NewLine) != newLines || block.Contains((byte)'\r'))
            throw new InputDataException("An ID to be published holds a line break", null, "fix the ID in the source table");
    }

    private int Put(ReadOnlySpan<byte> id, Span<byte> room, ref int newLines)
    {
        if (id.IsEmpty)
            throw new InputDataException("An ID to be published is empty", null, "see --on-null-id");

        var separator = Count++ > 0 ? 1 : 0;
        var length = separator + id.Length;
        if (length > room.Length)
        {
            if (_rest.Length < length)
                _rest = new byte[Math.Max(length, 4096)];
            Join(id, separator, _rest);
            (_restStart, _restEnd, _restHasNewLine) = (0, length, separator > 0);
            return 0;
        }

        Join(id, separator, room);
        newLines += separator;
        return length;
    }

    private static void Join(ReadOnlySpan<byte> id, int separator, Span<byte> room)
    {
        if (separator > 0)
            room[0] = NewLine;
        id.CopyTo(room[separator..]);
    }

    private int TakeRest(Span<byte> room, ref int newLines)
    {
        // It begins with its line break.
        if (_restStart == 0 && _restHasNewLine)
            newLines++;
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
        (_restStart, _restEnd, _restHasNewLine) = (0, 1, true);
    }
}
