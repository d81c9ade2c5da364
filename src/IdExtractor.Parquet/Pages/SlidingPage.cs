using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// One data page that is decompressed step by step into a window that fits in cache, whatever the
/// page's size. Output that has been consumed slides out, except for the 64 KiB that Snappy and LZ4
/// may refer back to. Large pages use a ring, in which nothing has to be moved. The owner runs the
/// kernel for Snappy and LZ4, several pages in lock step; Zstandard frames and Brotli streams are
/// decoded piece by piece. The window of an uncompressed page is the reader's own, without a copy.
/// Reusable for page after page.
/// </summary>
/// <param name="mayRing">False for the reference implementation, which moves its window instead of
/// using a <see cref="RingMemory"/>.</param>
internal sealed unsafe partial class SlidingPage(bool mayRing = true) : IDisposable
{
    /// <summary>
    /// History to keep, in bytes. Snappy's compressors work in blocks of this size and do not refer
    /// back farther; an offset of LZ4 cannot express more.
    /// </summary>
    private const int HistorySize = 64 << 10;

    /// <summary>
    /// Bytes to decompress between two slides of the window. Measured: smaller steps move the
    /// history too often (docs/performance.md).
    /// </summary>
    private const int StepSize = 512 << 10;

    /// <summary>Size of the ring for larger pages, in bytes. Measured.</summary>
    private const int RingSize = 256 << 10;

    /// <summary>The window slides when it has less room than this.</summary>
    private const int LowRoom = StepSize / 4;

    /// <summary>More compressed input is read when less than this is available.</summary>
    private const int LowInput = 1 << 10;

    private const int WindowSize = HistorySize + StepSize;

    private readonly NativeBuffer _window = new(WindowSize);
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
    private bool _isInPlace;
    private int _unread;
    private int _produced;
    private long _toProduce;

    /// <summary>Whether pages with this codec can be read this way.</summary>
    public static bool CanRead(CompressionCodec codec) =>
        LockStep.Decodes(codec) || codec == CompressionCodec.Uncompressed || codec == CompressionCodec.Brotli
        || (codec == CompressionCodec.Zstd && ZstdBlocks.IsAvailable) || IsDecodedWhole(codec);

    /// <summary>
    /// The stream for the kernel to run on; valid between <see cref="Prepare"/> and
    /// <see cref="Commit"/>.
    /// </summary>
    public PageStream* Stream => _stream;

    /// <summary>
    /// First byte that has not been consumed. Up to <see cref="NativeBuffer.Slack"/> bytes past the
    /// last one are readable.
    /// </summary>
    public byte* Unread => _data + _unread;

    /// <summary>Bytes that have been decompressed but not consumed.</summary>
    public int UnreadLength => _produced - _unread;

    /// <summary>
    /// True when the whole page has been decompressed and its compressed bytes end where they
    /// should.
    /// </summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// True when the page must be read whole instead. Either a back-reference reached farther than
    /// the window (the format allows this, but no known compressor does it), or libzstd could not
    /// continue block by block.
    /// </summary>
    public bool IsBeyondWindow { get; private set; }

    /// <summary>
    /// Opens the values of the current data page. The caller has already consumed the uncompressed
    /// levels of a second-version page.
    /// </summary>
    /// <param name="context">The chunk.</param>
    /// <param name="pages">The reader, at the page.</param>
    /// <param name="uncompressedSize">Bytes that the rest of the page decompresses to; 1 or
    /// more.</param>
    public void Open(ChunkContext context, PageReader pages, int uncompressedSize)
    {
        _context = context;
        _pages = pages;
        _codec = pages.Header.IsCompressed ? context.Chunk.Codec : CompressionCodec.Uncompressed;
        _window.Reserve(WindowSize, keep: 0);
        _isRing = uncompressedSize > _window.Capacity && LockStep.Decodes(_codec) && TryRing();
        _data = _isRing ? _ring!.Pointer : _window.Pointer;
        _end = _isRing ? _ring!.Size - NativeBuffer.Slack : _window.Capacity;
        _unread = _produced = 0;
        _toProduce = uncompressedSize;
        IsComplete = IsBeyondWindow = _hasSlid = _isInPlace = false;
        EndBrotli();
        *_stream = default;
        _stream->Codec = _codec;
        _stream->History = _data;
        _stream->PairCredit = context.Column.FixedWidth == sizeof(ulong) ? SnappyPairLockStep.FullCredit : 0;
        if (_codec == CompressionCodec.Uncompressed && pages.BodyLeft != uncompressedSize)
            context.ThrowCorrupt(
                "The two sizes of an uncompressed page differ", pages.PageOffset, $"{pages.BodyLeft} bytes", $"{uncompressedSize}");
        if (_codec == CompressionCodec.Snappy)
            ReadPreamble();
        else if (_codec == CompressionCodec.Zstd)
            BeginZstd();
    }

    /// <summary>Consumes bytes of the output.</summary>
    public void Consume(int count) => _unread += count;

    /// <summary>
    /// Makes room and reads input for more output. False when the kernel has nothing to do: the
    /// page is complete, or its bytes are available without the kernel.
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

        if (_codec == CompressionCodec.Brotli)
        {
            AdvanceBrotli();
            return false;
        }

        if (IsDecodedWhole(_codec))
        {
            DecodeWhole();
            return false;
        }
        if (_codec == CompressionCodec.Uncompressed)
        {
            Extend();
            return false;
        }

        Slide();
        TakeInput(LowInput);
        _stream->Output = _data + _produced;
        var room = _end - _produced;
        _stream->OutputEnd = _stream->Output + Math.Min(_toProduce, room);
        _stream->IsOutputComplete = _toProduce <= room;
        return true;
    }

    /// <summary>Accounts for what the kernel has read and written.</summary>
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

    /// <summary>
    /// Closes the page at any point. Returns borrowed memory, discards unread output, and leaves
    /// the reader behind what has been consumed of an uncompressed page.
    /// </summary>
    public void Close()
    {
        _zstd?.End();
        EndBrotli();
        if (_isInPlace)
            ConsumeInPlace();
        _isInPlace = false;
        _unread = _produced = 0;

        // Other lanes may be waiting for the memory that an unusual page or value needed.
        _window.TrimTo(PageReader.KeptBytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _isInPlace = false;
        Close();
        NativeMemory.Free(_stream);
        ((IDisposable)_window).Dispose();
        _ring?.Dispose();
    }

    /// <summary>
    /// Whether pages of a codec are decoded whole, into a window that then holds the whole page:
    /// their decoders go from a whole input to a whole output. Values are still read in place.
    /// </summary>
    private static bool IsDecodedWhole(CompressionCodec codec) =>
        codec is CompressionCodec.Gzip or CompressionCodec.Lz4 && PageCodec.IsSupported(codec);

    private void DecodeWhole()
    {
        var size = (int)_toProduce;
        _context.Reserve(_window, size, keep: 0, "page", _pages.PageOffset);
        var length = _pages.BodyLeft;
        var body = new ReadOnlySpan<byte>(_pages.ReadBody(), length);
        Check(PageCodec.Decompress(_codec, body, new Span<byte>(_window.Pointer, size)));
        _pages.ReleaseBody();
        _data = _window.Pointer;
        _produced = size;
        _toProduce = 0;
        IsComplete = true;
    }

    /// <summary>
    /// Creates the ring on first use. False when there is none, as in tests that place guard pages
    /// after buffers.
    /// </summary>
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

    /// <summary>
    /// Gives the stream the available bytes of the body: at least <paramref name="least"/>, or all
    /// that are left.
    /// </summary>
    private void TakeInput(int least)
    {
        var size = _pages.FillBody(least);
        _stream->Input = _pages.Body;
        _stream->InputEnd = _pages.Body + size;
        _stream->IsInputComplete = size == _pages.BodyLeft;
    }

    /// <summary>Completes the output. The compressed bytes must end here too.</summary>
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

    /// <summary>Wraps around the ring; nothing has to be moved.</summary>
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

    /// <summary>
    /// Moves the kept bytes to the start of the window, or from the ring to the window.
    /// </summary>
    private void Move(int keepFrom)
    {
        var kept = _produced - keepFrom;
        if (!_isRing)
            Buffer.MemoryCopy(_data + keepFrom, _data, _window.Capacity, kept);

        // A value larger than the window must stay in it whole, so the window grows with the value,
        // up to the size that the page declares.
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

    /// <summary>
    /// Extends the view of an uncompressed page: at least twice the bytes that are unread, so that
    /// a long value is not moved again and again.
    /// </summary>
    private void Extend()
    {
        var unread = UnreadLength;
        ConsumeInPlace();
        _isInPlace = true;
        _produced = _pages.FillBody((int)Math.Min((2L * unread) + LowInput, _pages.BodyLeft));
        _data = _pages.Body;
        IsComplete = _produced == _pages.BodyLeft;
    }

    private void ConsumeInPlace()
    {
        _pages.ConsumeBody(_unread);
        _unread = _produced = 0;
    }
}
