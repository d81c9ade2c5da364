using System.Buffers.Binary;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Frames of one page by libzstd, block by block, into memory where what comes out can be looked at in place. The library's functions for streams would keep a window of their own, of which every byte is copied out,
/// and as small as can be, so that half of all back-references lead into a part of it that begins anew elsewhere, which they take slowly. Contexts, with their memory, are lent for a page and kept by the thread, so
/// that page after page allocates nothing. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class NativeZstdBlocks : IDisposable
{
    /// <summary>Most bytes that a block decompresses to (RFC 8878 section 3.1.1.2.4).</summary>
    public const int MaxBlock = 128 << 10;

    /// <summary>Input that a frame's header is sure to be in.</summary>
    public const int MaxHeader = 18;

    /// <summary>Memory that has grown larger than this for an unusual window is given back to the system.</summary>
    private const int MaxKept = 10 << 20;

    [ThreadStatic]
    private static ZstdContext? t_spare;

    private readonly ZstdLibrary _library = ZstdLibrary.Instance ?? throw new InvalidOperationException("libzstd is absent.");
    private ZstdContext? _context;

    /// <summary>Whether pages can be read this way: libzstd is what decodes in this process, and has the functions for blocks.</summary>
    public static bool IsAvailable => ZstdPageDecoder.Backend == ZstdBackend.Native && ZstdLibrary.Instance is { HasBlocks: true };

    /// <summary>No frame is open: the input may end here.</summary>
    public bool IsBetweenFrames { get; private set; }

    /// <summary>Where output goes. Back-references of the frame that is open lead into it.</summary>
    public NativeBuffer Memory => _context!.Memory;

    /// <summary>Bytes of input that the next <see cref="TryDecode"/> takes, no more and no less.</summary>
    public int Wanted => (int)_library.NextInput(_context!.DangerousGetHandle());

    /// <summary>Gives back what this thread keeps for the next page, as a thread that ends should: a finalizer comes when it likes.</summary>
    public static void ReleaseSpare()
    {
        t_spare?.Dispose();
        t_spare = null;
    }

    /// <summary>Begins a page.</summary>
    public void Begin()
    {
        _context ??= t_spare ?? ZstdContext.Create(_library);
        t_spare = null;
        IsBetweenFrames = true;
    }

    /// <summary>Begins a frame, of which nothing has been consumed.</summary>
    /// <param name="input">Its first bytes: <see cref="MaxHeader"/>, or all that there are.</param>
    /// <param name="window">How far its back-references may lead, in bytes.</param>
    /// <returns>False when it is no frame that holds data, or none that can be read.</returns>
    public bool TryBeginFrame(ReadOnlySpan<byte> input, out ulong window)
    {
        window = 0;
        if (input.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(input) != ZstdFrameHeader.Magic)
            return false;
        input = input[sizeof(uint)..];
        if (ZstdFrameHeader.Read(ref input, out var header) != DecodeStatus.Ok || _library.IsError(_library.BeginBlocks(_context!.DangerousGetHandle())))
            return false;
        window = header.WindowSize;
        IsBetweenFrames = false;
        return true;
    }

    /// <summary>Decodes the next piece of the frame: a header, which gives no output, a block, or the checksum.</summary>
    /// <param name="input">All <see cref="Wanted"/> bytes of it.</param>
    /// <param name="length">As <see cref="Wanted"/> told.</param>
    /// <param name="output">Where output goes, in <see cref="Memory"/>.</param>
    /// <param name="room">Room for it.</param>
    /// <param name="produced">Bytes that came out.</param>
    /// <returns>False when the input is not what the library reads: then no more input will help. Whole-page decoding tells what is wrong.</returns>
    public bool TryDecode(byte* input, int length, byte* output, int room, out int produced)
    {
        var result = _library.DecompressBlock(_context!.DangerousGetHandle(), output, (nuint)room, input, (nuint)length);
        produced = _library.IsError(result) ? 0 : (int)result;
        IsBetweenFrames = Wanted == 0;
        return !_library.IsError(result);
    }

    /// <summary>Ends a page, wherever it is: context and memory may serve another.</summary>
    public void End()
    {
        if (_context is null)
            return;
        if (t_spare is null && Memory.Capacity <= MaxKept)
            t_spare = _context;
        else
            _context.Dispose();
        _context = null;
    }

    /// <inheritdoc/>
    public void Dispose() => End();
}
