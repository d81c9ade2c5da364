namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>Zstandard by libzstd, with one context a thread.</summary>
/// <remarks>
/// Frames are decompressed in a single pass, straight into the page: the library makes no window of its own then, so a frame's window size costs no memory and
/// ZSTD_d_windowLogMax would bound nothing (it is for the streaming functions).
/// </remarks>
internal static class NativeZstd
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

    [ThreadStatic]
    private static ZstdContext? t_context;

    /// <summary>Decodes frames that together must fill <paramref name="destination"/>; skippable ones between them are passed over.</summary>
    /// <returns><see cref="DecodeStatus.Unsupported"/> where there is no library.</returns>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (ZstdLibrary.Instance is not { } library)
            return DecodeStatus.Unsupported;
        var context = t_context ??= ZstdContext.Create(library);

        // Emptiness is told by the length: the library takes no null pointer for one.
        Span<byte> nothing = stackalloc byte[1];
        var result = library.Decompress(
            context.DangerousGetHandle(), source.IsEmpty ? nothing[..0] : source, destination.IsEmpty ? nothing[..0] : destination);
        GC.KeepAlive(context);
        if (!library.IsError(result))
            return result == (nuint)destination.Length ? DecodeStatus.Ok : DecodeStatus.OutputTooShort;
        return library.ErrorCode(result) switch
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
