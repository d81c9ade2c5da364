namespace IdExtractor.Core.Parquet.Compression.Zstd;

/// <summary>
/// Frames of one page by libzstd, piece by piece. The library keeps the frame's window itself, so what has been given out may go at once: memory is bounded by the window (2 MiB as a rule, and never
/// more than the page), not by the page. Contexts are lent for a page and kept by the thread, so that page after page allocates nothing. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class NativeZstdStream : IDisposable
{
    /// <summary>A context that has grown larger than this for an unusual window is given back to the system.</summary>
    private const uint MaxKept = 8 << 20;

    [ThreadStatic]
    private static ZstdContext? t_spare;

    private readonly ZstdLibrary _library = ZstdLibrary.Instance ?? throw new InvalidOperationException("libzstd is absent.");
    private ZstdContext? _context;

    /// <summary>Whether pages can be read this way: libzstd is what decodes in this process.</summary>
    public static bool IsAvailable => ZstdPageDecoder.Backend == ZstdBackend.Native;

    /// <summary>No frame is open, and all output has been given: the input may end here.</summary>
    public bool IsBetweenFrames { get; private set; }

    /// <summary>Begins a page.</summary>
    public void Begin()
    {
        _context ??= t_spare ?? ZstdContext.Create(_library);
        t_spare = null;
        _library.Reset(_context.DangerousGetHandle());
        IsBetweenFrames = true;
    }

    /// <summary>Takes in input and gives output, as far as either goes.</summary>
    /// <param name="input">Next byte of input; moves on.</param>
    /// <param name="inputLength">Bytes at hand.</param>
    /// <param name="output">Where output goes; moves on.</param>
    /// <param name="outputLength">Room for it.</param>
    /// <returns>False when the input is not what the library reads, or it can go no further: then no more input will help. Whole-page decoding tells what is wrong.</returns>
    public bool TryAdvance(ref byte* input, int inputLength, ref byte* output, int outputLength)
    {
        var from = new ZstdBuffer { Start = input, Length = (nuint)inputLength };
        var to = new ZstdBuffer { Start = output, Length = (nuint)outputLength };
        var result = _library.DecompressStream(_context!.DangerousGetHandle(), &to, &from);
        if (_library.IsError(result) || (from.Position == 0 && to.Position == 0))
            return false;
        IsBetweenFrames = result == 0;
        input += from.Position;
        output += to.Position;
        return true;
    }

    /// <summary>Ends a page, wherever it is: the context may serve another.</summary>
    public void End()
    {
        if (_context is null)
            return;
        if (t_spare is null && _library.SizeOf(_context.DangerousGetHandle()) <= MaxKept)
            t_spare = _context;
        else
            _context.Dispose();
        _context = null;
    }

    /// <inheritdoc/>
    public void Dispose() => End();
}
