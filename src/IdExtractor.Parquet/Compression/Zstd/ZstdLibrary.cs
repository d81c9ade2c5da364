namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// libzstd, looked up once. Having no library, or one that is too old, is not a failure.
/// </summary>
internal sealed unsafe class ZstdLibrary : ZstdFunctions
{
    // Error numbers are fixed since 1.3.1; no version older than this has been tested.
    private const uint OldestVersion = 10400;

    private static readonly string[] s_names =
        ["ZSTD_createDCtx", "ZSTD_freeDCtx", "ZSTD_decompressDCtx", "ZSTD_isError", "ZSTD_getErrorCode", "ZSTD_versionNumber"];

    private static readonly string[] s_blockNames = ["ZSTD_decompressBegin", "ZSTD_nextSrcSizeToDecompress", "ZSTD_decompressContinue"];

    private static readonly Lazy<ZstdLibrary?> s_loaded = new(() => Linked() ?? Load(CandidateNames()));

    private readonly delegate* unmanaged[Cdecl]<nint> _createContext;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _freeContext;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nuint, uint> _isError;
    private readonly delegate* unmanaged[Cdecl]<nuint, int> _getErrorCode;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _beginBlocks;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _nextInput;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _decompressBlock;

    private ZstdLibrary(ReadOnlySpan<nint> functions, ReadOnlySpan<nint> blockFunctions, bool isLinked)
    {
        _createContext = (delegate* unmanaged[Cdecl]<nint>)functions[0];
        _freeContext = (delegate* unmanaged[Cdecl]<nint, nuint>)functions[1];
        _decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)functions[2];
        _isError = (delegate* unmanaged[Cdecl]<nuint, uint>)functions[3];
        _getErrorCode = (delegate* unmanaged[Cdecl]<nuint, int>)functions[4];
        Version = ((delegate* unmanaged[Cdecl]<uint>)functions[5])();
        _beginBlocks = (delegate* unmanaged[Cdecl]<nint, nuint>)blockFunctions[0];
        _nextInput = (delegate* unmanaged[Cdecl]<nint, nuint>)blockFunctions[1];
        _decompressBlock = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)blockFunctions[2];
        IsLinked = isLinked;
    }

    /// <summary>The library; null if there is none.</summary>
    public static ZstdLibrary? Instance => s_loaded.Value;

    /// <summary>Whether it is a part of the program.</summary>
    public bool IsLinked { get; }

    /// <inheritdoc/>
    public override uint Version { get; }

    /// <inheritdoc/>
    public override bool HasBlocks => _decompressBlock != null;

    /// <inheritdoc/>
    public override nint CreateContext() => _createContext();

    /// <inheritdoc/>
    public override void FreeContext(nint context) => _freeContext(context);

    /// <inheritdoc/>
    public override nuint Decompress(nint context, byte* output, nuint room, byte* input, nuint length) =>
        _decompress(context, output, room, input, length);

    /// <inheritdoc/>
    public override nuint BeginBlocks(nint context) => _beginBlocks(context);

    /// <inheritdoc/>
    public override nuint NextInput(nint context) => _nextInput(context);

    /// <inheritdoc/>
    public override nuint DecompressBlock(nint context, byte* output, nuint room, byte* input, nuint length) =>
        _decompressBlock(context, output, room, input, length);

    /// <inheritdoc/>
    public override bool IsError(nuint result) => _isError(result) != 0;

    /// <inheritdoc/>
    public override int ErrorCode(nuint result) => _getErrorCode(result);

    /// <summary>
    /// The first of the named libraries that has all functions; null when none has.
    /// </summary>
    internal static ZstdLibrary? Load(IEnumerable<string> names)
    {
        Span<nint> functions = stackalloc nint[s_names.Length], blockFunctions = stackalloc nint[s_blockNames.Length];
        foreach (var name in names)
        {
            if (!NativeCodec.TryFindShared([name], s_names, functions))
                continue;
            if (!NativeCodec.TryFindShared([name], s_blockNames, blockFunctions))
                blockFunctions.Clear();
            var library = new ZstdLibrary(functions, blockFunctions, isLinked: false);
            if (library.Version >= OldestVersion)
                return library;
        }

        return null;
    }

    private static ZstdLibrary? Linked()
    {
        Span<nint> functions = stackalloc nint[s_names.Length], blockFunctions = stackalloc nint[s_blockNames.Length];
        return NativeCodec.TryFindLinked(s_names, functions) && NativeCodec.TryFindLinked(s_blockNames, blockFunctions)
            ? new ZstdLibrary(functions, blockFunctions, isLinked: true)
            : null;
    }

    private static string[] CandidateNames()
    {
        if (OperatingSystem.IsWindows())
            return ["libzstd.dll", "zstd.dll"];
        if (OperatingSystem.IsMacOS())
        {
            return
            [
                "libzstd.1.dylib", "libzstd.dylib",
                "/opt/homebrew/lib/libzstd.1.dylib", "/opt/homebrew/lib/libzstd.dylib",
                "/usr/local/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.dylib",
            ];
        }

        return ["libzstd.so.1", "libzstd.so"];
    }
}
