using System.Reflection;
using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// The functions of libzstd that decoding needs, looked up once. Having no library, or one that is
/// too old, is not a failure.
/// </summary>
internal sealed unsafe class ZstdLibrary
{
    // Error numbers are fixed since 1.3.1; no version older than this has been tested.
    private const uint OldestVersion = 10400;

    private static readonly Lazy<ZstdLibrary?> Loaded = new(() => Load(CandidateNames()));

    private readonly delegate* unmanaged[Cdecl]<nint> _createContext;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _freeContext;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nuint, uint> _isError;
    private readonly delegate* unmanaged[Cdecl]<nuint, int> _getErrorCode;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _beginBlocks;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _nextInput;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _decompressBlock;

    private ZstdLibrary(ReadOnlySpan<nint> functions, ReadOnlySpan<nint> blockFunctions, uint version)
    {
        _createContext = (delegate* unmanaged[Cdecl]<nint>)functions[0];
        _freeContext = (delegate* unmanaged[Cdecl]<nint, nuint>)functions[1];
        _decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)functions[2];
        _isError = (delegate* unmanaged[Cdecl]<nuint, uint>)functions[3];
        _getErrorCode = (delegate* unmanaged[Cdecl]<nuint, int>)functions[4];
        _beginBlocks = (delegate* unmanaged[Cdecl]<nint, nuint>)blockFunctions[0];
        _nextInput = (delegate* unmanaged[Cdecl]<nint, nuint>)blockFunctions[1];
        _decompressBlock = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)blockFunctions[2];
        Version = version;
    }

    /// <summary>The library; null if there is none.</summary>
    public static ZstdLibrary? Instance => Loaded.Value;

    /// <summary>Its version, as 10000 * major + 100 * minor + patch.</summary>
    public uint Version { get; }

    /// <summary>A new decompression context, 0 when there is no memory for one.</summary>
    public nint CreateContext() => _createContext();

    /// <summary>Frees a context.</summary>
    public void FreeContext(nint context) => _freeContext(context);

    /// <summary>
    /// Decompresses all frames of the source. Returns the number of bytes, or an error that
    /// <see cref="IsError"/> recognizes.
    /// </summary>
    public nuint Decompress(nint context, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* input = source)
        fixed (byte* output = destination)
            return _decompress(context, output, (nuint)destination.Length, input, (nuint)source.Length);
    }

    /// <summary>
    /// Whether the library lets its caller keep the window and decode block by block. These
    /// functions belong to its advanced interface, which not every build exports.
    /// </summary>
    public bool HasBlocks => _decompressBlock != null;

    /// <summary>Starts a new frame in a context, whatever its state.</summary>
    public nuint BeginBlocks(nint context) => _beginBlocks(context);

    /// <summary>
    /// Bytes that the next <see cref="DecompressBlock"/> must be given; 0 when a frame has ended.
    /// </summary>
    public nuint NextInput(nint context) => _nextInput(context);

    /// <summary>
    /// Decodes the next piece of a frame. Returns the number of output bytes, or an error that
    /// <see cref="IsError"/> recognizes. The frame's window of earlier output must not have moved.
    /// </summary>
    public nuint DecompressBlock(nint context, byte* output, nuint room, byte* input, nuint length) => _decompressBlock(context, output, room, input, length);

    /// <summary>Whether a result is an error.</summary>
    public bool IsError(nuint result) => _isError(result) != 0;

    /// <summary>The number of an error, as in zstd_errors.h.</summary>
    public int ErrorCode(nuint result) => _getErrorCode(result);

    /// <summary>The first of the named libraries that has all functions; null when none has.</summary>
    internal static ZstdLibrary? Load(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var handle)
                && Resolve(handle) is { } library)
            {
                return library;
            }
        }

        return null;
    }

    private static IEnumerable<string> CandidateNames()
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

    private static ZstdLibrary? Resolve(nint handle)
    {
        Span<nint> functions = stackalloc nint[5], blockFunctions = stackalloc nint[3];
        if (!TryFind(handle, ["ZSTD_createDCtx", "ZSTD_freeDCtx", "ZSTD_decompressDCtx", "ZSTD_isError", "ZSTD_getErrorCode"], functions))
            return null;
        if (!TryFind(handle, ["ZSTD_decompressBegin", "ZSTD_nextSrcSizeToDecompress", "ZSTD_decompressContinue"], blockFunctions))
            blockFunctions.Clear();
        if (!NativeLibrary.TryGetExport(handle, "ZSTD_versionNumber", out var versionNumber))
            return null;
        var version = ((delegate* unmanaged[Cdecl]<uint>)versionNumber)();
        return version >= OldestVersion ? new ZstdLibrary(functions, blockFunctions, version) : null;
    }

    private static bool TryFind(nint handle, ReadOnlySpan<string> names, Span<nint> functions)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (!NativeLibrary.TryGetExport(handle, names[i], out functions[i]))
                return false;
        }

        return true;
    }
}
