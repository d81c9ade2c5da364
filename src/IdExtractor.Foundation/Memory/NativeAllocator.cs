using System.Runtime.InteropServices;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Where <see cref="NativeBuffer"/> gets its blocks: the heap, or, in tests, an allocator that ends
/// every block at an inaccessible page.
/// </summary>
internal abstract unsafe class NativeAllocator
{
    /// <summary>
    /// The allocator of buffers created from now on; a buffer keeps the allocator that it started
    /// with.
    /// </summary>
    public static NativeAllocator Current { get; set; } = new Heap();

    /// <summary>Whether blocks come from the heap.</summary>
    public static bool IsUsual => Current is Heap;

    /// <summary>
    /// Whether freed blocks may be given to other buffers, which may be larger than these need.
    /// </summary>
    public virtual bool MayReuse => false;

    /// <summary>Allocates a block with undefined content.</summary>
    /// <exception cref="OutOfMemoryException">Not enough memory.</exception>
    public abstract byte* Allocate(nuint size);

    /// <summary>
    /// Allocates a larger block, copies the first <paramref name="keep"/> bytes of another to it,
    /// and frees the other.
    /// </summary>
    /// <exception cref="OutOfMemoryException">
    /// Not enough memory; the other block is still valid.
    /// </exception>
    public abstract byte* Resize(byte* block, nuint size, long keep);

    /// <summary>Frees a block; does nothing for null.</summary>
    public abstract void Free(byte* block);

    private sealed class Heap : NativeAllocator
    {
        public override bool MayReuse => true;

        public override byte* Allocate(nuint size) => (byte*)NativeMemory.Alloc(size);

        public override byte* Resize(byte* block, nuint size, long keep) => (byte*)NativeMemory.Realloc(block, size);

        public override void Free(byte* block) => NativeMemory.Free(block);
    }
}
