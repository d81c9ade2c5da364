namespace IdExtractor.Foundation.Memory;

/// <summary>Arrays of zeros that will be read and written in no order.</summary>
internal static class ZeroedArray
{
    /// <summary>
    /// An array of zeros whose memory is there. Of a large new array the system maps one page of zeros everywhere, and each page of it that is read before it is written is mapped twice, the second time with a word to
    /// all other processors.
    /// </summary>
    public static T[] Create<T>(int length)
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(length);
        array.AsSpan().Clear();
        return array;
    }
}
