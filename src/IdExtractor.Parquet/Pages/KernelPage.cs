using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// One Snappy or LZ4 page that the owner's kernel decompresses whole, in lock step with other
/// pages. For pages whose values cannot be read piece by piece, such as those with delta encodings.
/// Reference implementation: <see cref="PageBody"/>. Reusable for page after page.
/// </summary>
internal sealed unsafe class KernelPage : IDisposable
{
    /// <summary>
    /// The largest page that the kernel takes. A larger one would leave the cache before it is
    /// read, so it would only block a lane; it is decompressed in one call instead.
    /// </summary>
    private const int MaxSize = 4 << 20;

    private readonly PageStream* _stream = (PageStream*)NativeMemory.AllocZeroed((nuint)sizeof(PageStream));
    private ChunkContext _context = null!;
    private long _offset;
    private bool _isOpen;
    private bool _isDone;
    private bool _isDisposed;

    /// <summary>The stream for the kernel to run on.</summary>
    public PageStream* Stream => _stream;

    /// <summary>Whether the kernel can decompress the page.</summary>
    public static bool CanRead(ChunkContext context, in PageHeader header) =>
        LockStep.IsSupported(context.Chunk.Codec) && header.IsData && header.IsCompressed && header.UncompressedSize <= MaxSize;

    /// <summary>
    /// Whether the kernel can decompress a dictionary, whose size the limits bound. It is read in
    /// any order, so it gains nothing from a cache anyway.
    /// </summary>
    public static bool CanReadDictionary(ChunkContext context, in PageHeader header) =>
        LockStep.IsSupported(context.Chunk.Codec) && header.Type == PageType.Dictionary && header.IsCompressed;

    /// <summary>
    /// Starts the current page. The result begins with the levels of a second-version page, as
    /// stored in the file.
    /// </summary>
    /// <param name="context">The chunk.</param>
    /// <param name="pages">The reader, at the page. Must not be used until the kernel is
    /// done.</param>
    /// <param name="target">Receives the uncompressed page.</param>
    /// <returns>False when nothing is compressed or the page claims too large a size;
    /// <see cref="PageBody"/> handles both.</returns>
    public bool Open(ChunkContext context, PageReader pages, NativeBuffer target)
    {
        Clear();
        var header = pages.Header;
        var levels = header.Type == PageType.DataV2 ? header.DefinitionLevelsSize + header.RepetitionLevelsSize : 0;
        var compressed = header.CompressedSize - levels;
        var uncompressed = header.UncompressedSize - levels;
        if (uncompressed <= 0 || uncompressed > PageCodec.MaxOutput(context.Chunk.Codec, compressed))
            return false;

        (_context, _offset) = (context, pages.PageOffset);
        var body = pages.ReadBody();
        context.Reserve(target, header.UncompressedSize, keep: 0, "page", _offset);
        Buffer.MemoryCopy(body, target.Pointer, target.Capacity, levels);
        var preamble = 0;
        if (context.Chunk.Codec == CompressionCodec.Snappy)
            Check(SnappyDecoder.ReadPreamble(new ReadOnlySpan<byte>(body + levels, compressed), uncompressed, out preamble));
        *_stream = new PageStream
        {
            Codec = context.Chunk.Codec,
            Input = body + levels + preamble,
            InputEnd = body + header.CompressedSize,
            Output = target.Pointer + levels,
            OutputEnd = target.Pointer + header.UncompressedSize,
            History = target.Pointer + levels,
            IsInputComplete = true,
            IsOutputComplete = true,
        };
        _isOpen = true;
        return true;
    }

    /// <summary>Discards the page.</summary>
    public void Clear() => _isOpen = _isDone = false;

    /// <summary>
    /// Whether the whole page has been decompressed. Throws when the kernel found an error.
    /// </summary>
    public bool IsDone()
    {
        if (!_isOpen || _isDone)
            return _isDone;
        Check(_stream->Status);
        var isFull = _stream->Output == _stream->OutputEnd;
        if (isFull)
            Check(LockStep.End(_stream));
        else if (_stream->Input == _stream->InputEnd)
            Check(DecodeStatus.OutputTooShort);
        _isDone = isFull;
        return _isDone;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        NativeMemory.Free(_stream);
    }

    private void Check(DecodeStatus status)
    {
        if (status != DecodeStatus.Ok)
            _context.Throw($"{_context.Chunk.Codec} data", status, _offset);
    }
}
