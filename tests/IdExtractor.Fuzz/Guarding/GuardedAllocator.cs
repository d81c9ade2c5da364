using System.Runtime.InteropServices;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Fuzz.Guarding;

/// <summary>
/// Gives every buffer pages of its own, with one behind it that must not be touched: a read or
/// write past the end then ends the process instead of passing unseen. Writes before the start are
/// found when the buffer is given back. Linux only.
/// </summary>
internal sealed unsafe partial class GuardedAllocator : NativeAllocator
{
    private const byte Pattern = 0xA5;
    private const int ReadAndWrite = 3, NoAccess = 0, PrivateAndAnonymous = 0x22;

    /// <summary>
    /// Blocks of one size that are kept for reuse: the operating system takes longer to map them
    /// than most files take to read.
    /// </summary>
    private const int MostSpares = 16;

    private static readonly nuint Page = (nuint)Environment.SystemPageSize;

    private readonly Dictionary<nint, Block> _used = [];
    private readonly Dictionary<nuint, Stack<Block>> _spares = [];

    /// <summary>
    /// Puts one in place for all buffers made from now on, where the system allows.
    /// </summary>
    public static void Install()
    {
        if (OperatingSystem.IsLinux())
            Current = new GuardedAllocator();
    }

    public override byte* Allocate(nuint size)
    {
        lock (_used)
        {
            var block = _spares.TryGetValue(size, out var spares) && spares.TryPop(out var spare) ? spare : Map(size);
            _used.Add(block.Start, block);
            new Span<byte>((void*)block.Start, (int)Math.Min(size, Page)).Fill(Pattern);
            return (byte*)block.Start;
        }
    }

    public override byte* Resize(byte* block, nuint size, long keep)
    {
        var larger = Allocate(size);
        Buffer.MemoryCopy(block, larger, keep, keep);
        Free(block);
        return larger;
    }

    public override void Free(byte* block)
    {
        if (block == null)
            return;
        lock (_used)
        {
            _used.Remove((nint)block, out var used);
            if (new Span<byte>((void*)used.Map, (int)(used.Start - used.Map)).ContainsAnyExcept(Pattern))
                Environment.FailFast("Something wrote before the start of a buffer.");
            if (!_spares.TryGetValue(used.Size, out var spares))
                _spares.Add(used.Size, spares = []);
            if (used.Size <= 1 << 20 && spares.Count < MostSpares)
                spares.Push(used);
            else
                _ = munmap(used.Map, used.MapLength);
        }
    }

    private static Block Map(nuint size)
    {
        var length = ((size + Page - 1) / Page + 1) * Page;
        var map = mmap(0, length, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if (map == -1 || mprotect(map + (nint)(length - Page), Page, NoAccess) != 0)
            throw new InsufficientMemoryException();

        // As aligned as the heap's blocks.
        var start = (map + (nint)(length - Page - size)) & ~15;
        new Span<byte>((void*)map, (int)(start - map)).Fill(Pattern);
        return new Block(size, start, map, length);
    }

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);

    private readonly record struct Block(nuint Size, nint Start, nint Map, nuint MapLength);
}
