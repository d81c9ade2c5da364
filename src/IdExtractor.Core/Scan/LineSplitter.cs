using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Read;

namespace IdExtractor.Core.Scan;

/// <summary>Cuts a text that arrives in pieces into its lines. A line ends at LF or at the end of the text; an LF at the very end begins no line.</summary>
internal sealed class LineSplitter(string file, BytesHandler line)
{
    private byte[] _held = new byte[1 << 12];
    private int _count;

    /// <summary>Takes the next piece.</summary>
    /// <exception cref="InputDataException">A line is longer than any id may be.</exception>
    public void Feed(ReadOnlySpan<byte> piece)
    {
        int end;
        while ((end = piece.IndexOf((byte)'\n')) >= 0)
        {
            if (_count == 0)
            {
                line(piece[..end]);
            }
            else
            {
                Hold(piece[..end]);
                line(_held.AsSpan(0, _count));
                _count = 0;
            }

            piece = piece[(end + 1)..];
        }

        Hold(piece);
    }

    /// <summary>Ends the text.</summary>
    public void Finish()
    {
        if (_count > 0)
            line(_held.AsSpan(0, _count));
        _count = 0;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        var length = _count + (long)bytes.Length;
        if (length > ParquetLimits.Default.MaxValueBytes)
            throw new InputDataException("A line is too long to be an id", ErrorPlace.Of(file), "check that the parts hold one id a line");
        if (length > _held.Length)
            Array.Resize(ref _held, (int)Math.Min(Math.Max(length, _held.Length * 2L), ParquetLimits.Default.MaxValueBytes));
        bytes.CopyTo(_held.AsSpan(_count));
        _count = (int)length;
    }
}
