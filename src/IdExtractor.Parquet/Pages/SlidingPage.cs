using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// One data page that is decompressed bit by bit into a window small enough to stay in cache, whatever the page's size: what has been looked at slides out, but for the 64 KiB
/// that Snappy and LZ4 may refer back to. Large pages go by in a ring, where nothing has to be moved. These two are run by the owner, who can run several pages in lock step; frames of Zstandard go block by block. Reusable for page after page.
/// </summary>
/// <param name="mayRing">False for the plain twin, whose window is moved instead of going round in a <see cref="RingMemory"/>.</param>
internal sealed unsafe partial class SlidingPage(bool mayRing = true) : IDisposable
{
    /// <summary>How far Snappy's compressors refer back, which work in blocks of this size, and farther than an offset of LZ4 can tell.</summary>
    private const int HistorySize = 64 << 10;

    /// <summary>Bytes decompressed between two slides of the window. By measurement: smaller steps move the history too often (docs/performance.md).</summary>
    private const int StepSize = 512 << 10;

    /// <summary>Bytes of the ring that larger pages go by in. By measurement.</summary>
    private const int RingSize = 256 << 10;

    /// <summary>With less room than this the window slides.</summary>
    private const int LowRoom = StepSize / 4;

    /// <summary>With less compressed input than this at hand, more is read.</summary>
    private const int LowInput = 1 << 10;

    private readonly NativeBuffer _window = new(HistorySize + StepSize);
    private readonly PageStream* _stream = (PageStream*)NativeMemory.AllocZeroed((nuint)sizeof(PageStream));
    private ChunkContext _context = null!;
    private PageReader _pages = null!;
    private RingMemory? _ring;
    private bool _hasTriedRing;
    private bool _isRing;
    private byte* _data;
    private int _end;
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
        _isRing = uncompressedSize > _window.Capacity && _codec != CompressionCodec.Zstd && TryRing();
        _data = _isRing ? _ring!.Pointer : _window.Pointer;
        _end = _isRing ? _ring!.Size - NativeBuffer.Slack : _window.Capacity;
        _unread = _produced = 0;
        _toProduce = uncompressedSize;
        IsComplete = IsBeyondWindow = _hasSlid = false;
        *_stream = default;
        _stream->Codec = _codec;
        _stream->History = _data;
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
        _stream->Output = _data + _produced;
        var room = _end - _produced;
        _stream->OutputEnd = _stream->Output + Math.Min(_toProduce, room);
        _stream->IsOutputComplete = _toProduce <= room;
        return true;
    }

    /// <summary>Takes over what the kernel has done.</summary>
    public void Commit()
    {
        var output = (int)(_stream->Output - _data);
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
        _ring?.Dispose();
    }

    /// <summary>Makes the ring, unless there is one. There is none where buffers are to end at a page that must not be touched, as in tests.</summary>
    private bool TryRing()
    {
        if (mayRing && !_hasTriedRing && NativeAllocator.IsUsual)
            _ring = RingMemory.TryCreate(RingSize);
        _hasTriedRing = true;
        return _ring is not null;
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
        if (_end - _produced >= Math.Min(_toProduce, LowRoom))
            return;
        var keepFrom = Math.Max(0, Math.Min(_unread, _produced - (LockStep.Decodes(_codec) ? HistorySize : 0)));
        _hasSlid |= keepFrom > 0;
        if (_isRing && _produced - keepFrom + Math.Min(_toProduce, LowRoom) <= _ring!.Size - NativeBuffer.Slack)
            Turn(keepFrom);
        else
            Move(keepFrom);
    }

    /// <summary>Goes on where the ring goes on: nothing has to be moved.</summary>
    private void Turn(int keepFrom)
    {
        if (keepFrom >= _ring!.Size)
        {
            keepFrom -= _ring.Size;
            _unread -= _ring.Size;
            _produced -= _ring.Size;
        }

        _end = keepFrom + _ring.Size - NativeBuffer.Slack;
        _stream->History = _data + keepFrom;
    }

    /// <summary>Moves what is kept to the beginning of the window, or from the ring into it.</summary>
    private void Move(int keepFrom)
    {
        var kept = _produced - keepFrom;
        if (!_isRing)
            Buffer.MemoryCopy(_data + keepFrom, _data, _window.Capacity, kept);

        // A value larger than the window holds the window open; the window then grows with it, up to what the page declares.
        var wanted = kept + Math.Min(_toProduce, StepSize);
        if (wanted > _window.Capacity)
            _context.Reserve(_window, (int)wanted, _isRing ? 0 : kept, "value", _pages.PageOffset);
        if (_isRing)
            Buffer.MemoryCopy(_data + keepFrom, _window.Pointer, _window.Capacity, kept);
        _isRing = false;
        _unread -= keepFrom;
        _produced = kept;
        _data = _window.Pointer;
        _end = _window.Capacity;
        _stream->History = _data;
    }

    private void Copy()
    {
        var count = (int)Math.Min(_toProduce, _end - _produced);
        while (count > 0)
        {
            var piece = Math.Min(count, _pages.FillBody(Math.Min(count, LowInput)));
            Buffer.MemoryCopy(_pages.Body, _data + _produced, piece, piece);
            _pages.ConsumeBody(piece);
            _produced += piece;
            _toProduce -= piece;
            count -= piece;
        }

        IsComplete = _toProduce == 0;
    }
}
