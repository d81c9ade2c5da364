namespace IdExtractor.Aws.Connection;

/// <summary>
/// The services' own time, as dated by their last reply. The age of objects and uploads is measured
/// by it alone, because this machine's clock may be wrong. The transit time of a reply makes things
/// look younger than they are, never older.
/// </summary>
public sealed class ServerClock
{
    private long _ticks;

    /// <summary>The date of the last reply that had one, UTC; null before it.</summary>
    public DateTimeOffset? Latest => Volatile.Read(ref _ticks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Takes the date of a reply.</summary>
    public void Hear(DateTimeOffset? date)
    {
        if (date is { } known)
            Volatile.Write(ref _ticks, known.UtcTicks);
    }
}
