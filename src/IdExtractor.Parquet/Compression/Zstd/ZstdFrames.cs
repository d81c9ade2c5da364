namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>Zstandard pages that are decoded whole.</summary>
/// <remarks>
/// Frames are decompressed in a single pass, directly into the page. The library then allocates no
/// window of its own, so a frame's window size costs no memory. ZSTD_d_windowLogMax would limit
/// nothing: it applies to the streaming functions.
/// </remarks>
internal static unsafe class ZstdFrames
{
    // zstd_errors.h: these numbers are part of the library's stable interface.
    private const int PrefixUnknown = 10;
    private const int VersionUnsupported = 12;
    private const int FrameParameterUnsupported = 14;
    private const int WindowTooLarge = 16;
    private const int ChecksumWrong = 22;
    private const int DictionaryWrong = 32;
    private const int MemoryAllocation = 64;
    private const int DestinationTooSmall = 70;
    private const int SourceSizeWrong = 72;

    /// <summary>
    /// Decodes frames that together must fill <paramref name="destination"/>; skips skippable
    /// frames between them.
    /// </summary>
    public static DecodeStatus Decode(ZstdContext context, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // The library accepts no null pointer for an empty buffer, only a length of zero.
        Span<byte> nothing = stackalloc byte[1];
        var functions = context.Functions;
        nuint result;
        fixed (byte* input = source.IsEmpty ? nothing : source)
        fixed (byte* output = destination.IsEmpty ? nothing : destination)
            result = functions.Decompress(context.DangerousGetHandle(), output, (nuint)destination.Length, input, (nuint)source.Length);
        GC.KeepAlive(context);
        if (!functions.IsError(result))
            return result == (nuint)destination.Length ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
        return functions.ErrorCode(result) switch
        {
            PrefixUnknown => DecodeStatus.InvalidHeader,
            VersionUnsupported or FrameParameterUnsupported or WindowTooLarge or DictionaryWrong => DecodeStatus.Unsupported,
            ChecksumWrong => DecodeStatus.ChecksumMismatch,
            MemoryAllocation => throw new InsufficientMemoryException(),
            DestinationTooSmall => DecodeStatus.OutputTooLong,
            SourceSizeWrong => DecodeStatus.InputTooShort,
            _ => DecodeStatus.InvalidValue,
        };
    }
}
