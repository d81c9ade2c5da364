using System.Runtime.InteropServices;
using IdExtractor.Core.Parquet.Compression;
using IdExtractor.Core.Parquet.Compression.Zstd;
using IdExtractor.Core.Parquet.Encodings;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Primitives;

namespace IdExtractor.Core.Parquet.Pages;

/// <summary>
/// One data page that is decompressed bit by bit into a window small enough to stay in cache, whatever the page's size: what has been looked at slides out, but for the 64 KiB
/// that Snappy and LZ4 may refer back to. These two are run by the owner, who can run several pages in lock step; frames of Zstandard go block by block. Reusable for page after page.
/// </summary>
internal sealed unsafe partial class SlidingPage : IDisposable
{
    /// <summary>How far Snappy's compressors refer back, which work in blocks of this size, and farther than an offset of LZ4 can tell.</summary>
    private const int HistorySize = 64 << 10;

    /// <summary>Bytes decompressed between two slides of the window. By measurement: smaller steps move the history too often (docs/performance.md).</summary>
    private const int StepSize = 512 << 10;

    /// <summary>With less room than this the window slides.</summary>
    private const int LowRoom = StepSize / 4;

    /// <summary>With less compressed input than this at hand, more is read.</summary>
    private const int LowInput = 1 << 10;

    private readonly NativeBuffer _window = new(HistorySize + StepSize);
    private readonly PageStream* _stream = (PageStream*)NativeMemory.AllocZeroed((nuint)sizeof(PageStream));
    private ChunkContext _context = null!;
    private PageReader _pages = null!;
    private byte* _data;
    private CompressionCodec _codec;
    private bool _isDisposed;
    private bool _hasSlid;
    private int _unread;
    private int _produced;
    private long _toProduce;

    /// <summary>Whether a page can be read this way.</summary>
    public static bool CanRead(CompressionCodec codec) =>
        LockStep.Decodes(codec) || codec == CompressionCodec.Uncompressed || (codec == CompressionCodec.Zstd && NativeZstdBlocks.IsAvailable);

    /// <summary>The stream for the kernel; valid between <see cref="Prepare"/> and <see cref="Commit"/>.</summary>
    public PageStream* Stream => _stream;

    /// <summary>First byte that has not been consumed. Up to <see cref="NativeBuffer.Slack"/> bytes past the last may be read.</summary>
    public byte* Unread => _data + _unread;

    /// <summary>Bytes that are decompressed and not consumed.</summary>
    public int UnreadLength => _produced - _unread;

    /// <summary>The whole page has been decompressed, and its compressed bytes end where they should.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// A back-reference reached farther than the window, legal in the format, though no known compressor does it; or libzstd could not go on block by block. The page has to be read whole.
    /// </summary>
    public bool IsBeyondWindow { get; private set; }

    /// <summary>Begins the values of the data page at hand. The uncompressed levels of a second-version page have been consumed by the caller.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="pages">At the page.</param>
    /// <param name="uncompressedSize">Bytes that the rest of the page decompresses to; 1 or more.</param>
    public void Open(ChunkContext context, PageReader pages, int uncompressedSize)
    {
        _context = context;
        _pages = pages;
        _codec = pages.Header.IsCompressed ? context.Chunk.Codec : CompressionCodec.Uncompressed;
        _data = _window.Pointer;
        _unread = _produced = 0;
        _toProduce = uncompressedSize;
        IsComplete = IsBeyondWindow = _hasSlid = false;
        *_stream = default;
        _stream->Codec = _codec;
        _stream->History = _window.Pointer;
        if (_codec == CompressionCodec.Uncompressed && pages.BodyLeft != uncompressedSize)
            context.ThrowCorrupt("The two sizes of an uncompressed page differ", pages.PageOffset, $"{pages.BodyLeft} bytes", $"{uncompressedSize}");
        if (_codec == CompressionCodec.Snappy)
            ReadPreamble();
        else if (_codec == CompressionCodec.Zstd)
            BeginZstd();
    }

    /// <summary>Passes over bytes that have been looked at.</summary>
    public void Consume(int count) => _unread += count;

    /// <summary>
    /// Makes room and input for more output. False when the kernel has nothing to do: the page is complete, or its bytes needed no decompression and are there now.
    /// </summary>
    public bool Prepare()
    {
        if (IsComplete)
            return false;
        if (_codec == CompressionCodec.Zstd)
        {
            AdvanceZstd();
            return false;
        }

        Slide();
        if (_codec == CompressionCodec.Uncompressed)
        {
            Copy();
            return false;
        }

        TakeInput(LowInput);
        _stream->Output = _window.Pointer + _produced;
        var room = _window.Capacity - _produced;
        _stream->OutputEnd = _stream->Output + Math.Min(_toProduce, room);
        _stream->IsOutputComplete = _toProduce <= room;
        return true;
    }

    /// <summary>Takes over what the kernel has done.</summary>
    public void Commit()
    {
        var output = (int)(_stream->Output - _window.Pointer);
        _toProduce -= output - _produced;
        _produced = output;
        if (_stream->Status == DecodeStatus.InvalidOffset && _hasSlid && _codec == CompressionCodec.Snappy)
        {
            IsBeyondWindow = true;
            return;
        }

        Check(_stream->Status);
        _pages.ConsumeBody((int)(_stream->Input - _pages.Body));
        if (_toProduce == 0)
            End();
        else if (_pages.BodyLeft == 0)
            Check(DecodeStatus.OutputTooShort);
    }

    /// <summary>Ends the page, wherever it is: what it has borrowed goes back, and nothing is left to be looked at.</summary>
    public void Close()
    {
        _zstd?.End();
        _unread = _produced = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Close();
        NativeMemory.Free(_stream);
        ((IDisposable)_window).Dispose();
    }

    private void ReadPreamble()
    {
        var size = _pages.FillBody(Varint.MaxLength32);
        Check(SnappyDecoder.ReadPreamble(new ReadOnlySpan<byte>(_pages.Body, size), _toProduce, out var position));
        _pages.ConsumeBody(position);
    }

    /// <summary>Gives the stream what is at hand of the body: at least so many bytes, or all that is left.</summary>
    private void TakeInput(int least)
    {
        var size = _pages.FillBody(least);
        _stream->Input = _pages.Body;
        _stream->InputEnd = _pages.Body + size;
        _stream->IsInputComplete = size == _pages.BodyLeft;
    }

    /// <summary>The output is there: the compressed bytes have to end here too.</summary>
    private void End()
    {
        TakeInput(LockStep.EndBytes);
        Check(LockStep.End(_stream));
        _pages.ConsumeBody((int)(_stream->Input - _pages.Body));
        IsComplete = true;
    }

    private void Check(DecodeStatus status)
    {
        if (status != DecodeStatus.Ok)
            _context.Throw($"{_codec} data", status, _pages.PageOffset);
    }

    private void Slide()
    {
        if (_window.Capacity - _produced >= Math.Min(_toProduce, LowRoom))
            return;
        var keepFrom = Math.Max(0, Math.Min(_unread, _produced - (LockStep.Decodes(_codec) ? HistorySize : 0)));
        var kept = _produced - keepFrom;
        Buffer.MemoryCopy(_window.Pointer + keepFrom, _window.Pointer, _window.Capacity, kept);
        _hasSlid |= keepFrom > 0;
        _unread -= keepFrom;
        _produced = kept;

        // A value larger than the window holds the window open; the window then grows with it, up to what the page declares.
        var wanted = kept + Math.Min(_toProduce, StepSize);
        if (wanted > _window.Capacity)
            _context.Reserve(_window, (int)wanted, kept, "value", _pages.PageOffset);
        _data = _window.Pointer;
        _stream->History = _data;
    }

    private void Copy()
    {
        var count = (int)Math.Min(_toProduce, _window.Capacity - _produced);
        while (count > 0)
        {
            var piece = Math.Min(count, _pages.FillBody(Math.Min(count, LowInput)));
            Buffer.MemoryCopy(_pages.Body, _window.Pointer + _produced, piece, piece);
            _pages.ConsumeBody(piece);
            _produced += piece;
            _toProduce -= piece;
            count -= piece;
        }

        IsComplete = _toProduce == 0;
    }
}
