namespace IdExtractor.Foundation.Memory;

/// <summary>Zeroed arrays for reads and writes in random order.</summary>
internal static class ZeroedArray
{
    /// <summary>
    /// Creates a zeroed array whose memory is already mapped. The system backs a large new array
    /// with one shared page of zeros. A page that is read before it is written gets mapped twice,
    /// and the second mapping interrupts all other processors.
    /// </summary>
    public static T[] Create<T>(int length)
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(length);
        HugePages.Request(array.AsSpan());
        array.AsSpan().Clear();
        return array;
    }
}
