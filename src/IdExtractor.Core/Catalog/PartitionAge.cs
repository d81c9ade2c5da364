using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// Enforces <c>--max-partition-age</c> (specification, section 3): the time from the start of the
/// partition, midnight UTC for a date, until now. A partition in the future is fresh.
/// </summary>
internal static class PartitionAge
{
    /// <summary>Refuses a stale partition.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="sourcePartition">The partition, for messages.</param>
    /// <param name="time">When the partition begins; see
    /// <see cref="PartitionCandidate.Time"/>.</param>
    /// <param name="limit">The greatest age that passes; null for no limit.</param>
    /// <param name="clock">Returns the current time.</param>
    /// <exception cref="PartitionException">It is older.</exception>
    /// <exception cref="UsageException">
    /// There is a limit, but the partition keys contain no date.
    /// </exception>
    public static void EnsureFresh(string table, string sourcePartition, DateTime? time, TimeSpan? limit, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (limit is not { } most)
            return;
        if (time is not { } start)
        {
            throw new UsageException(
                $"--max-partition-age needs a partition key that is a date, and partition '{sourcePartition}' of {table} tells none",
                "leave the option out for this table");
        }

        var age = clock.GetUtcNow().UtcDateTime - start;
        if (age <= most)
            return;
        throw new PartitionException("The partition is stale", new ErrorPlace
        {
            Object = table,
            Expected = $"a partition of at most {Format(most)}",
            Actual = $"'{sourcePartition}' of {Format(age)}",
        }, "wait until a newer partition has been written, or raise --max-partition-age");
    }

    private static string Format(TimeSpan age) => age < TimeSpan.FromHours(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} minutes")
        : age < TimeSpan.FromDays(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours")
            : string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0.#} days");
}
