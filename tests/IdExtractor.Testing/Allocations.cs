namespace IdExtractor.Testing;

/// <summary>The bytes that some work allocates on the calling thread each time it runs.</summary>
internal static class Allocations
{
    private const int Runs = 7;

    /// <summary>The least number of bytes of several runs, after one that fills caches.</summary>
    public static long LeastOf(Action work) => LeastOf(() =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <inheritdoc cref="LeastOf(Action)"/>
    /// <remarks>
    /// A collection that another test causes counts the rest of this thread's allocation context,
    /// so one run may show more than it allocated. The least of several runs does not.
    /// </remarks>
    /// <param name="allocated">Does the work and returns the bytes.</param>
    public static long LeastOf(Func<long> allocated)
    {
        allocated();
        return Enumerable.Range(0, Runs).Min(_ => allocated());
    }
}
