using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// A decompression context of libzstd and the memory for its output. Both are freed when no
/// references are left.
/// </summary>
internal sealed class ZstdContext : SafeHandle
{
    private readonly ZstdLibrary _library;

    private ZstdContext(ZstdLibrary library)
        : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(library.CreateContext());
    }

    /// <summary>The output memory of blocks; empty until room is reserved in it.</summary>
    public NativeBuffer Memory { get; } = new();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Creates a context.</summary>
    /// <exception cref="InsufficientMemoryException">Not enough memory.</exception>
    public static ZstdContext Create(ZstdLibrary library)
    {
        var context = new ZstdContext(library);
        if (context.IsInvalid)
            throw new InsufficientMemoryException();
        return context;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _library.FreeContext(handle);
        ((IDisposable)Memory).Dispose();
        return true;
    }
}
