namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// The functions of the Zstandard library that decoding needs. There are two builds of it, which
/// behave alike: <see cref="ZstdLibrary"/> in C, and <see cref="ZstdPort"/> in C#.
/// </summary>
internal abstract unsafe class ZstdFunctions
{
    /// <summary>The version, as 10000 * major + 100 * minor + patch.</summary>
    public abstract uint Version { get; }

    /// <summary>
    /// Whether the library lets its caller keep the window and decode block by block. These
    /// functions belong to its advanced interface, which not every build exports.
    /// </summary>
    public abstract bool HasBlocks { get; }

    /// <summary>A new decompression context, 0 when there is no memory for one.</summary>
    public abstract nint CreateContext();

    /// <summary>Frees a context.</summary>
    public abstract void FreeContext(nint context);

    /// <summary>
    /// Decompresses all frames of the source. Returns the number of bytes, or an error that
    /// <see cref="IsError"/> recognizes.
    /// </summary>
    public abstract nuint Decompress(nint context, byte* output, nuint room, byte* input, nuint length);

    /// <summary>Starts a new frame in a context, whatever its state.</summary>
    public abstract nuint BeginBlocks(nint context);

    /// <summary>
    /// Bytes that the next <see cref="DecompressBlock"/> must be given; 0 when a frame has ended.
    /// </summary>
    public abstract nuint NextInput(nint context);

    /// <summary>
    /// Decodes the next piece of a frame. Returns the number of output bytes, or an error that
    /// <see cref="IsError"/> recognizes. The frame's window of earlier output must not have moved.
    /// </summary>
    public abstract nuint DecompressBlock(nint context, byte* output, nuint room, byte* input, nuint length);

    /// <summary>Whether a result is an error.</summary>
    public abstract bool IsError(nuint result);

    /// <summary>The number of an error, as in zstd_errors.h.</summary>
    public abstract int ErrorCode(nuint result);
}
