using System.Globalization;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;

namespace IdExtractor.Html.HistoryPage;

/// <summary>
/// One partition in charts: its active file, or else its latest usable stage file.
/// </summary>
/// <param name="Entry">The file.</param>
/// <param name="TotalIds">Its number of IDs.</param>
/// <param name="ChangePercent">Against the partition before it; null for the first.</param>
/// <param name="Usual">
/// The band of usual numbers, from the partitions before it; null while there are too few.
/// </param>
/// <param name="Delay">
/// From the begin of the partition's day to the file; null for partitions that are not days.
/// </param>
internal sealed record PartitionPoint(
    StageEntry Entry, long TotalIds, double? ChangePercent, (double Low, double High)? Usual, TimeSpan? Delay);

/// <summary>
/// The partitions of a list of stage files, in the order in which they were made.
/// </summary>
internal static class PartitionSeries
{
    /// <summary>Partitions that the band is made from.</summary>
    public const int Window = 28;

    private const int FewestForABand = 5;
    private const int Deviations = 3;
    private static readonly string[] s_days = ["yyyyMMdd", "yyyy-MM-dd"];

    /// <summary>The points, earliest first, at most <paramref name="most"/>.</summary>
    public static IReadOnlyList<PartitionPoint> Of(StageListing listing, int most)
    {
        // Latest first in the list: the first file of a partition is its latest, but what is active
        // goes before it.
        var files = listing.Entries.Where(entry => entry.Metadata is not null)
            .GroupBy(entry => entry.Metadata!.SourcePartition, StringComparer.Ordinal)
            .Select(same => same.FirstOrDefault(entry => entry.State == StageState.Active) ?? same.First()).Reverse().ToList();
        var points = new List<PartitionPoint>(files.Count);
        foreach (var file in files)
        {
            var total = file.Metadata!.TotalIds;
            var change = IdChange.Percent(points.Count > 0 ? points[^1].TotalIds : null, total);
            points.Add(new PartitionPoint(
                file, total, change, BandOf([.. points.TakeLast(Window).Select(point => (double)point.TotalIds)]), DelayOf(file)));
        }

        return [.. points.TakeLast(most)];
    }

    /// <summary>
    /// Median and three median absolute deviations on both sides; null for too few values.
    /// </summary>
    internal static (double Low, double High)? BandOf(double[] values)
    {
        if (values.Length < FewestForABand)
            return null;
        var median = Median(values);
        var deviation = Median([.. values.Select(value => Math.Abs(value - median))]);
        return (Math.Max(0, median - (Deviations * deviation)), median + (Deviations * deviation));
    }

    /// <summary>The day of a partition; null when it is not one.</summary>
    internal static DateTime? DayOf(string partition)
    {
        var value = partition[(partition.LastIndexOf('=') + 1)..];
        return DateTime.TryParseExact(value, s_days, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) ? day : null;
    }

    private static TimeSpan? DelayOf(StageEntry file) =>
        DayOf(file.Metadata!.SourcePartition) is { } day && file.Created.UtcDateTime >= day ? file.Created.UtcDateTime - day : null;

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
