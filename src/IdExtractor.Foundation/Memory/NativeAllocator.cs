using System.Runtime.InteropServices;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Where <see cref="NativeBuffer"/> takes its blocks from: the heap, or, in tests, something that ends every block at a page that must not be touched.
/// </summary>
internal abstract unsafe class NativeAllocator
{
    /// <summary>The allocator of buffers made from now on; a buffer stays with the one that it began with.</summary>
    public static NativeAllocator Current { get; set; } = new Heap();

    /// <summary>Blocks come from the heap.</summary>
    public static bool IsUsual => Current is Heap;

    /// <summary>A block of any content.</summary>
    /// <exception cref="OutOfMemoryException">There is no such memory.</exception>
    public abstract byte* Allocate(nuint size);

    /// <summary>A larger block with the first <paramref name="keep"/> bytes of another, which is given back.</summary>
    /// <exception cref="OutOfMemoryException">There is no such memory; the other block is still there.</exception>
    public abstract byte* Resize(byte* block, nuint size, int keep);

    /// <summary>Gives a block back; nothing happens for null.</summary>
    public abstract void Free(byte* block);

    private sealed class Heap : NativeAllocator
    {
        public override byte* Allocate(nuint size) => (byte*)NativeMemory.Alloc(size);

        public override byte* Resize(byte* block, nuint size, int keep) => (byte*)NativeMemory.Realloc(block, size);

        public override void Free(byte* block) => NativeMemory.Free(block);
    }
}
