using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Promote;

/// <summary>
/// What must hold before a file replaces the active one (specification, section 6). Pure: it looks
/// at metadata only.
/// </summary>
internal static class PromotionGuards
{
    private const string AllowOlder = "--allow-older";

    /// <summary>
    /// Checks the number of IDs alone, which a run can do before it stages anything.
    /// </summary>
    /// <exception cref="GuardException">There are none and <c>--allow-empty</c> is not given, fewer
    /// than <c>--min-ids</c>, or more than <c>--max-ids</c>.</exception>
    public static void CheckCount(long totalIds, PublishGuards guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        if (totalIds == 0 && !guards.AllowEmpty)
            throw new GuardException(
                "The result is empty", Counted("at least 1 ID", totalIds), "check the tables, or give --allow-empty if this is right");
        if (guards.MinIds is { } min && totalIds < min)
            throw new GuardException(
                "There are fewer IDs than --min-ids", Counted($"at least {min}", totalIds), "check the tables, or lower --min-ids");
        if (guards.MaxIds is { } max && totalIds > max)
            throw new GuardException(
                "There are more IDs than --max-ids", Counted($"at most {max}", totalIds), "check the tables, or raise --max-ids");
    }

    /// <summary>Checks everything.</summary>
    /// <param name="candidate">Of the file to be promoted.</param>
    /// <param name="active">The file that it would replace; null for none.</param>
    /// <param name="guards">What was asked for.</param>
    /// <param name="order">Which partition is the later one.</param>
    /// <exception cref="GuardException">A guard says no.</exception>
    public static void Check(PublishMetadata candidate, ActiveFile? active, PublishGuards guards, IPartitionOrder order)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(guards);
        CheckCount(candidate.TotalIds, guards);
        if (active is null)
            return;
        if (active.Metadata is not { } current)
        {
            // A file that does not say what it was made from may be newer than this one.
            if (!guards.AllowOlder)
                throw Unknown(active);
            return;
        }

        if (guards.MaxDropPercent is { } percent)
            CheckDrop(candidate.TotalIds, current, percent);
        if (!guards.AllowOlder)
            CheckAge(candidate, current, active, order);
    }

    /// <summary>
    /// The guards that were asked for, each widened just as far as a file needs to pass all of them
    /// at once: lifting only the first that fails would lead to the next one.
    /// </summary>
    /// <param name="candidate">Of the file to be promoted.</param>
    /// <param name="active">The file that it would replace; null for none.</param>
    /// <param name="guards">What was asked for.</param>
    /// <param name="order">Which partition is the later one.</param>
    public static PublishGuards PassedBy(PublishMetadata candidate, ActiveFile? active, PublishGuards guards, IPartitionOrder order)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(guards);
        var total = candidate.TotalIds;
        return guards with
        {
            MinIds = guards.MinIds is { } min ? Math.Min(min, total) : null,
            MaxIds = guards.MaxIds is { } max ? Math.Max(max, total) : null,
            MaxDropPercent = guards.MaxDropPercent is { } percent && active?.Metadata is { } current && FallsBelow(total, current, percent)
                ? (double)Math.Ceiling(DropOf(total, current))
                : guards.MaxDropPercent,
            AllowEmpty = guards.AllowEmpty || total == 0,
            AllowOlder = guards.AllowOlder
                || (active is not null && (active.Metadata is not { } newer || IsOlder(candidate, newer, order) != false)),
        };
    }

    /// <summary>
    /// Whether a file was made from an older partition than another, or earlier from the same one.
    /// A run without partitions is older than any partition.
    /// </summary>
    /// <returns>Null when the partitions cannot be compared.</returns>
    public static bool? IsOlder(PublishMetadata candidate, PublishMetadata current, IPartitionOrder order)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(order);
        var isUnpartitioned = current.SourcePartition == PublishMetadata.Unpartitioned;

        // The whole of a table, whenever it was read, does not say which of its days it holds.
        if (candidate.SourcePartition == PublishMetadata.Unpartitioned && !isUnpartitioned)
            return true;
        var byPartition = isUnpartitioned || candidate.SourcePartition == current.SourcePartition
            ? 0
            : order.Compare(candidate.SourcePartition, current.SourcePartition);
        return byPartition switch
        {
            null => null,
            0 => candidate.CreatedAt < current.CreatedAt,
            var sign => sign < 0,
        };
    }

    private static GuardException Unknown(ActiveFile active) => new(
        active.Problem is { } problem
            ? $"The active file cannot be compared with the new one, because its metadata cannot be used ({Lowered(problem.Problem)})"
            : "The active file cannot be compared with the new one, because its metadata cannot be used",
        new ErrorPlace { Object = active.Name, Expected = active.Problem?.Expected, Actual = active.Problem?.Actual },
        $"find out what is active, then restore its metadata, or give {AllowOlder} to replace it whatever it is");

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static void CheckDrop(long totalIds, PublishMetadata current, double percent)
    {
        if (!FallsBelow(totalIds, current, percent))
            return;
        var drop = DropOf(totalIds, current);
        throw new GuardException(
            "The number of IDs falls by more than --max-drop-percent",
            new ErrorPlace
            {
                Expected = string.Create(CultureInfo.InvariantCulture, $"at most {percent}% below {current.TotalIds}"),
                Actual = string.Create(CultureInfo.InvariantCulture, $"{drop:0.##}%, {totalIds}"),
            },
            "check the tables, or raise --max-drop-percent");
    }

    // In decimal, not as IdChange does: the limit is compared as it was typed.
    private static bool FallsBelow(long totalIds, PublishMetadata current, double percent) =>
        (current.TotalIds - (decimal)totalIds) * 100 > current.TotalIds * (decimal)percent;

    private static decimal DropOf(long totalIds, PublishMetadata current) =>
        (current.TotalIds - (decimal)totalIds) * 100 / current.TotalIds;

    private static void CheckAge(PublishMetadata candidate, PublishMetadata current, ActiveFile active, IPartitionOrder order)
    {
        var isOlder = IsOlder(candidate, current, order);
        if (isOlder == false)
            return;
        var problem = isOlder is null ? "The partition cannot be compared with the one that is active"
            : candidate.SourcePartition == PublishMetadata.Unpartitioned && current.SourcePartition != PublishMetadata.Unpartitioned
                ? "The active file was made from a partition, and this run has none"
                : "A newer file is active already";
        throw new GuardException(
            problem,
            new ErrorPlace
            {
                Object = active.Name,
                Expected = $"at least partition {current.SourcePartition} of {PublishMetadata.FormatTime(current.CreatedAt)}",
                Actual = $"partition {candidate.SourcePartition} of {PublishMetadata.FormatTime(candidate.CreatedAt)}",
            },
            $"give {AllowOlder} to replace it all the same");
    }

    private static ErrorPlace Counted(string expected, long actual) =>
        new() { Expected = expected, Actual = actual.ToString(CultureInfo.InvariantCulture) };
}
