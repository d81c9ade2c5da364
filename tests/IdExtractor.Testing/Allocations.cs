namespace IdExtractor.Testing;

/// <summary>What some work allocates on the calling thread, every time anew.</summary>
internal static class Allocations
{
    private const int Runs = 7;

    /// <summary>Bytes of the least of some runs, after one that fills what is kept.</summary>
    public static long LeastOf(Action work) => LeastOf(() =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <inheritdoc cref="LeastOf(Action)"/>
    /// <remarks>
    /// A collection that another test causes meanwhile counts what was left of this thread's allocation context, so a run may show more than it took; what is allocated every time is in all of them.
    /// </remarks>
    /// <param name="allocated">Does the work and tells the bytes.</param>
    public static long LeastOf(Func<long> allocated)
    {
        allocated();
        return Enumerable.Range(0, Runs).Min(_ => allocated());
    }
}
