using System.Runtime.InteropServices;

namespace IdExtractor.Core.Parquet.Compression.Zstd;

/// <summary>A decompression context of libzstd, freed when nobody refers to it any more.</summary>
internal sealed class ZstdContext : SafeHandle
{
    private readonly ZstdLibrary _library;

    private ZstdContext(ZstdLibrary library)
        : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(library.CreateContext());
    }

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
        return true;
    }
}
