using System.Buffers.Binary;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Decodes the frames of one page block by block, into memory where the output can be
/// read in place. The library's streaming functions would keep a window of their own and copy every
/// byte out of it. They make that window as small as possible, so half of all back-references would
/// cross its wrap-around, which is slow. Each thread keeps a context and its memory for the next
/// page, so that reading many pages allocates nothing. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class ZstdBlocks : IDisposable
{
    /// <summary>
    /// The most bytes that a block decompresses to (RFC 8878, section 3.1.1.2.4).
    /// </summary>
    public const int MaxBlock = 128 << 10;

    /// <summary>Input bytes that are certain to contain a frame's header.</summary>
    public const int MaxHeader = 18;

    /// <summary>
    /// Memory that an unusual window has grown beyond this size is returned to the system.
    /// </summary>
    private const int MaxKept = 10 << 20;

    [ThreadStatic]
    private static ZstdContext? t_spare;

    private readonly ZstdFunctions _functions;
    private ZstdContext? _context;

    /// <summary>Decodes with the backend in use.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ZstdBlocks()
        : this(ZstdPageDecoder.Functions ?? throw new InvalidOperationException("No Zstandard decoder is available."))
    {
    }

    /// <summary>Decodes with a backend of the caller's choice.</summary>
    internal ZstdBlocks(ZstdFunctions functions) => _functions = functions;

    /// <summary>
    /// Whether pages can be read this way: the backend in use has the functions for blocks.
    /// </summary>
    public static bool IsAvailable => ZstdPageDecoder.Functions is { HasBlocks: true };

    /// <summary>No frame is open: the input may end here.</summary>
    public bool IsBetweenFrames { get; private set; }

    /// <summary>The output memory. Back-references of the open frame point into it.</summary>
    public NativeBuffer Memory => _context!.Memory;

    /// <summary>
    /// Input bytes that the next <see cref="TryDecode"/> takes, no more and no fewer.
    /// </summary>
    public int Wanted => (int)_functions.NextInput(_context!.DangerousGetHandle());

    /// <summary>
    /// Frees what this thread keeps for the next page. A thread should call it before it ends,
    /// since finalizers run at an unknown time.
    /// </summary>
    public static void ReleaseSpare()
    {
        t_spare?.Dispose();
        t_spare = null;
    }

    /// <summary>Starts a page.</summary>
    public void Begin()
    {
        if (_context is null && t_spare?.Functions == _functions)
            (_context, t_spare) = (t_spare, null);
        _context ??= ZstdContext.Create(_functions);
        IsBetweenFrames = true;
    }

    /// <summary>Starts a frame, of which nothing has been consumed.</summary>
    /// <param name="input">Its first bytes: <see cref="MaxHeader"/>, or all that there are.</param>
    /// <param name="window">How far its back-references may reach, in bytes.</param>
    /// <returns>False when this is not a frame with data, or not one that can be read.</returns>
    public bool TryBeginFrame(ReadOnlySpan<byte> input, out ulong window)
    {
        window = 0;
        if (input.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(input) != ZstdFrameHeader.Magic)
            return false;
        input = input[sizeof(uint)..];
        if (ZstdFrameHeader.Read(ref input, out var header) != DecodeStatus.Ok
            || _functions.IsError(_functions.BeginBlocks(_context!.DangerousGetHandle())))
            return false;
        window = header.WindowSize;
        IsBetweenFrames = false;
        return true;
    }

    /// <summary>
    /// Decodes the next piece of the frame: a header, which gives no output, a block, or the
    /// checksum.
    /// </summary>
    /// <param name="input">All <see cref="Wanted"/> bytes of it.</param>
    /// <param name="length">The value of <see cref="Wanted"/>.</param>
    /// <param name="output">Where output goes, in <see cref="Memory"/>.</param>
    /// <param name="room">Room for it.</param>
    /// <param name="produced">Output bytes.</param>
    /// <returns>
    /// False when the library cannot read the input; more input does not help. Decoding the whole
    /// page reports the reason.
    /// </returns>
    public bool TryDecode(byte* input, int length, byte* output, int room, out int produced)
    {
        var result = _functions.DecompressBlock(_context!.DangerousGetHandle(), output, (nuint)room, input, (nuint)length);
        produced = _functions.IsError(result) ? 0 : (int)result;
        IsBetweenFrames = Wanted == 0;
        return !_functions.IsError(result);
    }

    /// <summary>Ends a page in any state, so that another can use the context and memory.</summary>
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
