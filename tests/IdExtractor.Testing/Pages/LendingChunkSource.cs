using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// A chunk that exposes one piece at a time without copying. Each piece overwrites the one before,
/// so a reader that keeps an old view sees other bytes.
/// </summary>
internal sealed class LendingChunkSource(byte[] bytes, int pieceBytes) : ChunkSource
{
    private readonly NativeBuffer _piece = new(pieceBytes);
    private long _pieceAt = -1;
    private long _position;

    /// <summary>Bytes exposed without copying. Bytes exposed again count again.</summary>
    public long LentBytes { get; private set; }

    public override int Read(Memory<byte> destination)
    {
        var piece = Piece(_position);
        var count = Math.Min(destination.Length, piece.Length);
        piece[..count].CopyTo(destination.Span);
        _position += count;
        return count;
    }

    public override ReadOnlySpan<byte> Lend(int again, int least, int most)
    {
        var from = _position - again;
        if (bytes.Length - from < least || (again > 0 && from / pieceBytes != _pieceAt))
            return [];
        var piece = Piece(from);
        if (piece.Length < least)
            return [];
        var length = Math.Min(piece.Length, most);
        _position = from + length;
        LentBytes += length;
        return piece[..length];
    }

    public override void Skip(long count) => _position += count;

    protected override void Dispose(bool disposing)
    {
        ((IDisposable)_piece).Dispose();
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> Piece(long position)
    {
        if (_pieceAt != position / pieceBytes)
        {
            _pieceAt = position / pieceBytes;
            _piece.GetSpan().Fill(0xee);
            bytes.AsSpan(
                (int)Math.Min(_pieceAt * pieceBytes, bytes.Length)..Math.Min(
                    (int)(_pieceAt + 1) * pieceBytes, bytes.Length)).CopyTo(_piece.GetSpan());
        }

        var inPiece = (int)(position - (_pieceAt * pieceBytes));
        return _piece.GetSpan()[inPiece..(int)Math.Max(inPiece, Math.Min(pieceBytes, bytes.Length - (_pieceAt * pieceBytes)))];
    }
}
