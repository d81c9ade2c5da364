namespace IdExtractor.Core.Job;

/// <summary>The limits of a run that publishes.</summary>
/// <param name="Publish">What must hold before promotion.</param>
public sealed record GuardLimits(PublishGuards Publish)
{
    /// <summary>
    /// Most rejected values of Table A, in percent of all; null when no such table is read.
    /// </summary>
    public double? MaxRejectedPercent { get; init; }

    /// <summary>Greatest age of the partition, above zero; null for no limit.</summary>
    public TimeSpan? MaxPartitionAge { get; init; }

    /// <summary>The limits of <c>extract</c>.</summary>
    public static GuardLimits Of(ExtractionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new GuardLimits(settings.Guards)
        {
            MaxRejectedPercent = settings.MaxRejectedPercent,
            MaxPartitionAge = settings.MaxPartitionAge
        };
    }
}
