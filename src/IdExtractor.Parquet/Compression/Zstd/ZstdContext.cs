using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// A decompression context of the Zstandard library and the memory for its output. Both are freed
/// when no references are left.
/// </summary>
internal sealed class ZstdContext : SafeHandle
{
    private ZstdContext(ZstdFunctions functions)
        : base(0, ownsHandle: true)
    {
        Functions = functions;
        SetHandle(functions.CreateContext());
    }

    /// <summary>The functions that the context belongs to.</summary>
    public ZstdFunctions Functions { get; }

    /// <summary>The output memory of blocks; empty until room is reserved in it.</summary>
    public NativeBuffer Memory { get; } = new();

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Creates a context.</summary>
    /// <exception cref="InsufficientMemoryException">Not enough memory.</exception>
    public static ZstdContext Create(ZstdFunctions functions)
    {
        var context = new ZstdContext(functions);
        if (context.IsInvalid)
            throw new InsufficientMemoryException();
        return context;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Functions.FreeContext(handle);
        ((IDisposable)Memory).Dispose();
        return true;
    }
}
