using System.Reflection;
using System.Runtime.InteropServices;

namespace IdExtractor.Core.Parquet.Compression.Zstd;

/// <summary>A buffer as the streaming functions of libzstd take it, for input and output alike.</summary>
internal unsafe struct ZstdBuffer
{
    /// <summary>First byte.</summary>
    public byte* Start;

    /// <summary>Bytes in all.</summary>
    public nuint Length;

    /// <summary>Bytes that have been read or written.</summary>
    public nuint Position;
}

/// <summary>The functions of libzstd that decoding needs, looked up once. A library that is absent or too old is no error.</summary>
internal sealed unsafe class ZstdLibrary
{
    // 1.4.0: since then contexts can be reset; error numbers are fixed since 1.3.1.
    private const uint OldestVersion = 10400;

    private const int ResetSession = 1;

    private static readonly Lazy<ZstdLibrary?> Loaded = new(() => Load(CandidateNames()));

    private readonly delegate* unmanaged[Cdecl]<nint> _createContext;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _freeContext;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, nuint> _decompressStream;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nuint> _reset;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _sizeOf;
    private readonly delegate* unmanaged[Cdecl]<nuint, uint> _isError;
    private readonly delegate* unmanaged[Cdecl]<nuint, int> _getErrorCode;

    private ZstdLibrary(ReadOnlySpan<nint> functions, uint version)
    {
        _createContext = (delegate* unmanaged[Cdecl]<nint>)functions[0];
        _freeContext = (delegate* unmanaged[Cdecl]<nint, nuint>)functions[1];
        _decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)functions[2];
        _isError = (delegate* unmanaged[Cdecl]<nuint, uint>)functions[3];
        _getErrorCode = (delegate* unmanaged[Cdecl]<nuint, int>)functions[4];
        _decompressStream = (delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, nuint>)functions[5];
        _sizeOf = (delegate* unmanaged[Cdecl]<nint, nuint>)functions[6];
        _reset = (delegate* unmanaged[Cdecl]<nint, int, nuint>)functions[7];
        Version = version;
    }

    /// <summary>The library; null where there is none.</summary>
    public static ZstdLibrary? Instance => Loaded.Value;

    /// <summary>Its version, as 10000 * major + 100 * minor + patch.</summary>
    public uint Version { get; }

    /// <summary>A new decompression context, 0 when there is no memory for one.</summary>
    public nint CreateContext() => _createContext();

    /// <summary>Frees a context.</summary>
    public void FreeContext(nint context) => _freeContext(context);

    /// <summary>Decompresses all frames of the source; the number of bytes, or what <see cref="IsError"/> knows.</summary>
    public nuint Decompress(nint context, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* input = source)
        fixed (byte* output = destination)
            return _decompress(context, output, (nuint)destination.Length, input, (nuint)source.Length);
    }

    /// <summary>Lets a context begin with a new frame, whatever it was at.</summary>
    public void Reset(nint context) => _reset(context, ResetSession);

    /// <summary>Goes on in a stream of frames, moving on in both buffers. 0 when a frame has ended and all of it is there; else a hint, or what <see cref="IsError"/> knows.</summary>
    public nuint DecompressStream(nint context, ZstdBuffer* output, ZstdBuffer* input) => _decompressStream(context, output, input);

    /// <summary>Bytes that a context has taken.</summary>
    public nuint SizeOf(nint context) => _sizeOf(context);

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
        ReadOnlySpan<string> names =
            [
                "ZSTD_createDCtx", "ZSTD_freeDCtx", "ZSTD_decompressDCtx", "ZSTD_isError", "ZSTD_getErrorCode", "ZSTD_decompressStream", "ZSTD_sizeof_DCtx",
                "ZSTD_DCtx_reset",
            ];
        Span<nint> functions = stackalloc nint[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!NativeLibrary.TryGetExport(handle, names[i], out functions[i]))
                return null;
        }

        if (!NativeLibrary.TryGetExport(handle, "ZSTD_versionNumber", out var versionNumber))
            return null;
        var version = ((delegate* unmanaged[Cdecl]<uint>)versionNumber)();
        return version >= OldestVersion ? new ZstdLibrary(functions, version) : null;
    }
}
