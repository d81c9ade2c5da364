using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Asks the system to back large arrays with pages of 2 MiB instead of 4 KiB. Reading such an array
/// in random order otherwise costs a page walk per access, besides the cache miss. Linux only; a
/// hint that a system may ignore.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Smaller memory gains nothing.</summary>
    public const long LeastBytes = 8L << 20;

    private const nuint PageBytes = 2 << 20;
    private const int WantHugePages = 14;

    /// <summary>
    /// Asks for large pages for an array that the collector will not move, because of its size. It
    /// has to be called before the memory is touched.
    /// </summary>
    public static void Request<T>(Span<T> memory)
        where T : unmanaged
    {
        if ((long)memory.Length * sizeof(T) < LeastBytes || !OperatingSystem.IsLinux())
            return;
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory));
        var end = start + ((nuint)memory.Length * (nuint)sizeof(T));
        start = (start + PageBytes - 1) & ~(PageBytes - 1);
        try
        {
            // A refusal changes nothing.
            _ = Advise(start, (end & ~(PageBytes - 1)) - start, WantHugePages);
        }
        catch (EntryPointNotFoundException)
        {
            // The same.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint start, nuint length, int advice);
}
