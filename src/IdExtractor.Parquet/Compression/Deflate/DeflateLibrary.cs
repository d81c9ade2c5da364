using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>
/// libdeflate, looked up once. Having no library is not a failure. It decodes whole streams from
/// memory to memory, and states how many bytes of both it used, so that what follows a stream can
/// be checked.
/// </summary>
internal sealed unsafe class DeflateLibrary
{
    private const int Success = 0;

    private static readonly string[] s_names =
        ["libdeflate_alloc_decompressor", "libdeflate_free_decompressor", "libdeflate_deflate_decompress_ex"];

    // NativeCodecs.c
    private static readonly string[] s_linkedNames = [
        "idextractor_deflate_create", "idextractor_deflate_free", "idextractor_deflate_decode"
    ];

    private static readonly Lazy<DeflateLibrary?> s_loaded = new(Load);

    [ThreadStatic]
    private static Decompressor? t_decompressor;

    private readonly delegate* unmanaged[Cdecl]<nint> _create;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint*, nuint*, int> _decompress;

    private DeflateLibrary(ReadOnlySpan<nint> functions, bool isLinked)
    {
        _create = (delegate* unmanaged[Cdecl]<nint>)functions[0];
        _free = (delegate* unmanaged[Cdecl]<nint, void>)functions[1];
        _decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint*, nuint*, int>)functions[2];
        IsLinked = isLinked;
    }

    /// <summary>The library; null if there is none.</summary>
    public static DeflateLibrary? Instance => s_loaded.Value;

    /// <summary>Whether it is a part of the program.</summary>
    public bool IsLinked { get; }

    /// <summary>
    /// Decodes one stream to the start of <paramref name="destination"/>, which it need not fill.
    /// </summary>
    /// <param name="source">The stream, and possibly more bytes after it.</param>
    /// <param name="destination">Room for the output.</param>
    /// <param name="consumed">Bytes of the stream.</param>
    /// <param name="written">Bytes of output.</param>
    /// <returns>
    /// False when the stream is malformed or cut, or its output does not fit. The library does not
    /// state the reason; <see cref="InflateDecoder"/> does.
    /// </returns>
    /// <exception cref="InsufficientMemoryException">Not enough memory for its tables.</exception>
    public bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        var decompressor = t_decompressor ??= new Decompressor(this);
        Span<byte> nothing = stackalloc byte[1];
        nuint inputUsed = 0, outputUsed = 0;
        int result;
        fixed (byte* input = source.IsEmpty ? nothing : source)
        fixed (byte* output = destination.IsEmpty ? nothing : destination)
        {
            result = _decompress(
                decompressor.DangerousGetHandle(), input, (nuint)source.Length, output, (nuint)destination.Length, &inputUsed, &outputUsed);
        }

        GC.KeepAlive(decompressor);
        consumed = (int)inputUsed;
        written = (int)outputUsed;
        return result == Success;
    }

    private static DeflateLibrary? Load()
    {
        Span<nint> functions = stackalloc nint[s_names.Length];
        if (NativeCodec.TryFindLinked(s_linkedNames, functions))
            return new DeflateLibrary(functions, isLinked: true);
        string[] names = OperatingSystem.IsWindows() ? ["libdeflate.dll", "deflate.dll"]
            : OperatingSystem.IsMacOS()
                ? ["libdeflate.0.dylib", "/opt/homebrew/lib/libdeflate.0.dylib", "/usr/local/lib/libdeflate.0.dylib"]
            : ["libdeflate.so.0"];
        return NativeCodec.TryFindShared(names, s_names, functions) ? new DeflateLibrary(functions, isLinked: false) : null;
    }

    /// <summary>The library's tables, for one thread.</summary>
    private sealed class Decompressor : SafeHandle
    {
        private readonly DeflateLibrary _library;

        public Decompressor(DeflateLibrary library)
            : base(0, ownsHandle: true)
        {
            _library = library;
            SetHandle(library._create());
            if (IsInvalid)
                throw new InsufficientMemoryException();
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            _library._free(handle);
            return true;
        }
    }
}
