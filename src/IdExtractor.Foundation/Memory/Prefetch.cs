using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Announces looks at memory that is in no near cache: trips that are announced are made side by side, those that are not wait for one another. A hint and no more; nothing happens where the machine
/// takes none.
/// </summary>
internal static class Prefetch
{
    /// <summary>Has the cache line of a place brought near. The place is not looked at, so it does no harm if the collector moves it meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Near<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }
}
