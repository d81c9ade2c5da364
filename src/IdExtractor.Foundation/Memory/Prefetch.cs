using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Prefetches memory that is unlikely to be in a near cache. Prefetched accesses overlap; others
/// wait for one another. This is only a hint and does nothing on machines without prefetching.
/// </summary>
internal static class Prefetch
{
    /// <summary>
    /// Requests the cache line of a location. The location is not read, so it does no harm if the
    /// collector moves it meanwhile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Near<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }
}
