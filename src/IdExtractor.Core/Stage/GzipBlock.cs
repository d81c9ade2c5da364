using System.Buffers;
using System.IO.Compression;
using IdExtractor.Core.Stage.Deflate;
using IdExtractor.Foundation.Gzip;

namespace IdExtractor.Core.Stage;

/// <summary>
/// A block of text and its share of one gzip member (RFC 1952): the first block begins with the
/// header, the last ends with the trailer, and those in between end on a byte boundary (RFC 1951
/// section 3.2.4), so that blocks can be compressed apart and put one behind the other. Blocks do
/// not refer to one another. Reusable.
/// </summary>
internal sealed class GzipBlock : IDisposable
{
    /// <summary>
    /// Bytes of text. By measurement on ids of nine digits: a block that knows nothing of the text
    /// before it costs 0.25% in size at this length, 0.5% at half of it.
    /// </summary>
    public const int TextBytes = 1 << 17;

    /// <summary>
    /// Up to this level zlib is asked only where it may find what <see cref="LineDeflate"/> does
    /// not look for.
    /// </summary>
    private const int MaxFastLevel = 6;

    /// <summary>The part of a text that decides whether zlib is asked for all of it.</summary>
    private const int SampleBytes = TextBytes / 8;

    /// <summary>Room for header and trailer.</summary>
    private const int FrameBytes = 32;

    private readonly byte[] _text = new byte[TextBytes];
    private readonly MemoryStream _compressed = new(LineDeflate.MaxCompressedLength(TextBytes) + FrameBytes);
    private int _textLength;

    /// <summary>A final block of deflate without a byte.</summary>
    private static ReadOnlySpan<byte> EmptyFinalBlock => [3, 0];

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    /// <summary>
    /// What <see cref="Compress"/> has made; valid until the block is filled again.
    /// </summary>
    public ReadOnlyMemory<byte> Compressed => _compressed.GetBuffer().AsMemory(0, (int)_compressed.Length);

    /// <summary>Takes the next text.</summary>
    /// <returns>False when there is none left.</returns>
    public bool Fill(IdText text)
    {
        _textLength = text.Fill(_text);
        return _textLength > 0;
    }

    /// <summary>Compresses the text. Different blocks may be compressed concurrently.</summary>
    /// <param name="lines">Not used by another thread during the call.</param>
    /// <param name="level">
    /// 0 to 9: 0 stores, above 6 the smaller result of the two compressors is always used.
    /// </param>
    /// <param name="isFirst">Whether it is the first block.</param>
    /// <param name="last">The content of the trailer if this is the last block, else null.</param>
    public void Compress(LineDeflate lines, int level, bool isFirst, GzipTrailer? last)
    {
        _compressed.SetLength(0);
        if (isFirst)
            _compressed.Write(GzipHeader.Plain);
        if (_textLength == 0)
            _compressed.Write(EmptyFinalBlock);
        else
            Deflate(lines, level, last is not null);
        if (last is not { } trailer)
            return;
        Span<byte> bytes = stackalloc byte[GzipTrailer.Bytes];
        trailer.Write(bytes);
        _compressed.Write(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _compressed.Dispose();

    private void Deflate(LineDeflate lines, int level, bool isLast)
    {
        if (level == 0)
        {
            DeflateBySearch(level, isLast);
            return;
        }

        var start = (int)_compressed.Position;
        _compressed.SetLength(start + LineDeflate.MaxCompressedLength(_textLength));
        var byLines = lines.Compress(Text, isLast, _compressed.GetBuffer().AsSpan(start));
        _compressed.Position = start + byLines;
        _compressed.SetLength(start + byLines);

        // Below two fifths, lines hold little more than what distinguishes them.
        if (level <= MaxFastLevel && (byLines < _textLength / 5 * 2 || !SearchPays(lines, level)))
            return;
        DeflateBySearch(level, isLast);
        var bySearch = (int)_compressed.Length - start - byLines;
        var smaller = bySearch < byLines ? bySearch : byLines;
        if (bySearch < byLines)
            _compressed.GetBuffer().AsSpan(start + byLines, bySearch).CopyTo(_compressed.GetBuffer().AsSpan(start));
        _compressed.SetLength(start + smaller);
    }

    /// <summary>
    /// Whether a search makes the beginning of the text smaller than lines do. It takes ten times
    /// as long, and finds less where lines are random, such as UUIDs. The answer depends on this
    /// block only, as its bytes must.
    /// </summary>
    private bool SearchPays(LineDeflate lines, int level)
    {
        if (_textLength <= 2 * SampleBytes)
            return true;
        var sample = Text[..SampleBytes];
        var rented = ArrayPool<byte>.Shared.Rent(LineDeflate.MaxCompressedLength(SampleBytes));
        try
        {
            var byLines = lines.Compress(sample, isLast: true, rented);
            using var bySearch = new MemoryStream(SampleBytes);
            using (var deflate = new DeflateStream(bySearch, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
                deflate.Write(sample);
            return bySearch.Length < byLines;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void DeflateBySearch(int level, bool isLast)
    {
        long end;
        using (var deflate = new DeflateStream(_compressed, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            deflate.Write(Text);
            if (!isLast)
                deflate.Flush();
            end = _compressed.Length;
        }

        // Closing the stream has ended the deflate data; only the last block wants that.
        if (!isLast)
            _compressed.SetLength(end);
    }
}
