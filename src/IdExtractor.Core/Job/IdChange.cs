namespace IdExtractor.Core.Job;

/// <summary>How the number of published IDs changes from one file to the next.</summary>
public static class IdChange
{
    /// <summary>The change in percent of the file before.</summary>
    /// <param name="before">IDs of the file before; null when there is none, or when it is not
    /// known.</param>
    /// <param name="now">IDs of the file after it; null when not known.</param>
    /// <returns>Below zero when there are fewer; null when a count is null, or the first is
    /// 0.</returns>
    public static double? Percent(long? before, long? now) =>
        before is > 0 && now is { } total ? (total - before.Value) * 100.0 / before.Value : null;
}
