using IdExtractor.Core.Feed;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Splits a text that arrives in pieces into its lines. A line ends at LF, at CR LF or at the end
/// of the text; a line end at the very end starts no new line. A UTF-8 byte order mark at the
/// beginning is not part of the first line.
/// </summary>
internal sealed class LineSplitter(string file, BytesHandler line)
{
    /// <summary>
    /// Maximum length of a line, in bytes; far above any id, far below what a run may use for its
    /// buffers.
    /// </summary>
    public const int MaxLineBytes = 1 << 20;

    private byte[] _held = new byte[1 << 12];
    private int _count;
    private bool _isFirst = true;

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Takes the next piece.</summary>
    /// <exception cref="InputDataException">A line is longer than any id may be.</exception>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        int end;
        while ((end = piece.IndexOf((byte)'\n')) >= 0)
        {
            if (_count == 0)
            {
                Emit(piece[..end]);
            }
            else
            {
                Hold(piece[..end]);
                Emit(_held.AsSpan(0, _count));
                _count = 0;
            }

            piece = piece[(end + 1)..];
        }

        Hold(piece);
    }

    /// <summary>Ends the text.</summary>
    public void Finish()
    {
        ReadOnlySpan<byte> last = _held.AsSpan(0, _count);
        _count = 0;
        if (!last.IsEmpty && !(_isFirst && last.SequenceEqual(Utf8Mark)))
            Emit(last);
    }

    private void Emit(ReadOnlySpan<byte> text)
    {
        if (_isFirst && text.StartsWith(Utf8Mark))
            text = text[Utf8Mark.Length..];
        _isFirst = false;
        line(text is [.., (byte)'\r'] ? text[..^1] : text);
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        var length = _count + (long)bytes.Length;
        if (length > MaxLineBytes)
            throw new InputDataException(
                $"A line has more than {MaxLineBytes} bytes, which no id has", ErrorPlace.Of(file),
                "check that the parts hold one id per line");
        if (length > _held.Length)
            Array.Resize(ref _held, (int)Math.Min(Math.Max(length, _held.Length * 2L), MaxLineBytes));
        bytes.CopyTo(_held.AsSpan(_count));
        _count = (int)length;
    }
}
