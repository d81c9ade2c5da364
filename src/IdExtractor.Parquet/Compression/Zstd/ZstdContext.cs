using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>A decompression context of libzstd and memory for its output, freed when nobody refers to them any more.</summary>
internal sealed class ZstdContext : SafeHandle
{
    private readonly ZstdLibrary _library;

    private ZstdContext(ZstdLibrary library)
        : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(library.CreateContext());
    }

    /// <summary>Where blocks are decompressed to; empty until room is made in it.</summary>
    public NativeBuffer Memory { get; } = new();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>A new context.</summary>
    /// <exception cref="InsufficientMemoryException">There is no memory for it.</exception>
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
