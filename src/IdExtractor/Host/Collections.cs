namespace IdExtractor.Host;

/// <summary>When the garbage collector starts to work.</summary>
internal static class Collections
{
    /// <summary>A run of a second or less allocates no more.</summary>
    private const long Postponed = 32L << 20;

    /// <summary>
    /// Postpones the first collection until so much has been allocated. Before that there is hardly
    /// any garbage: what a run allocates at its start is what it works with, and several
    /// collections would look through it while all threads wait. Afterwards they come as usual.
    /// </summary>
    public static void Postpone()
    {
        try
        {
            _ = GC.TryStartNoGCRegion(Postponed);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or InvalidOperationException)
        {
            // The heap is limited to less, or they are postponed already.
        }
    }
}
