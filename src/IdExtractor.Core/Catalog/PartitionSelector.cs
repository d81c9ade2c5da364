using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// Chooses among the partitions of a table: the typed tuple of keys decides which is the latest
/// (specification, section 3; decision 2). A pure function, the same for every catalog.
/// </summary>
/// <remarks>
/// Each value is typed by itself. Dates and timestamps, however they are spelled, share one time
/// line; whole numbers are ordered among themselves. A key that holds dates in one partition and
/// whole numbers in another has no latest value that anybody could be sure of, so that is an error
/// and not a guess. Keys that are pinned need no order.
/// </remarks>
public static class PartitionSelector
{
    /// <summary>Why a partition of the future is skipped.</summary>
    private const string Future = "it is more than two days in the future; --allow-future-partition allows it";

    /// <summary>Orders what a pin leaves.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partitions">Its partitions, in any order.</param>
    /// <param name="pin">Keys that must have given values; null for none.</param>
    /// <param name="newest">
    /// Partitions that begin later, by a date among their keys that is not pinned, are skipped;
    /// null for no limit. One sentinel such as 99991231 must not be the latest forever.
    /// </param>
    /// <returns>Candidates, latest first, and the partitions that have no place among
    /// them.</returns>
    /// <exception cref="PartitionException">Nothing is left: the pinned partition is not there, or
    /// no partition has values with an order.</exception>
    /// <exception cref="InputDataException">Two partitions have equal values, or a key mixes dates
    /// with whole numbers; both partitions are named.</exception>
    /// <exception cref="UsageException">The pin names keys out of order.</exception>
    public static PartitionSelection Select(
        CatalogTable table, IEnumerable<CatalogPartition> partitions, PartitionPin? pin, DateTime? newest = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(partitions);
        var matcher = PartitionPinMatcher.Create(table, pin);
        if (table.PartitionKeys.Count == 0)
        {
            return new PartitionSelection
            {
                Table = table.Name,
                Location = table.Location,
                Candidates = [new PartitionCandidate(PublishMetadata.Unpartitioned, table.Location, null)],
                Skipped = [],
                Order = SourcePartition.Order,
                IsPartitioned = false,
            };
        }

        var skipped = new List<SkippedItem>();
        var rows = new List<TypedPartition>();
        foreach (var partition in partitions.Where(partition => matcher.Matches(partition)))
        {
            var typed = TypedPartition.Of(partition);
            var reason = Refusal(table, typed, matcher) ?? (IsLater(typed, matcher, newest) ? Future : null);
            if (reason is not null)
                skipped.Add(new SkippedItem(NameOf(partition), reason, IsWarning: true));
            else
                rows.Add(typed);
        }

        if (rows.Count == 0)
            throw NothingLeft(table, pin, skipped);
        CheckKinds(table, rows, matcher);
        rows.Sort((left, right) => Compare(right, left));
        CheckDistinct(rows);
        return new PartitionSelection
        {
            Table = table.Name,
            Location = table.Location,
            Candidates = [.. rows.Select(row => row.ToCandidate())],
            Skipped = skipped,
            Order = SourcePartition.Order,
            IsPartitioned = true,
        };
    }

    /// <summary>
    /// Its location, and its values where that does not show them: the Data Catalog may place a
    /// partition anywhere.
    /// </summary>
    private static string NameOf(CatalogPartition partition)
    {
        var location = partition.Location.ToString();
        return partition.Values.All(value => HiveFolderName.Decode(location).Contains(value.Value, StringComparison.Ordinal))
            ? location
            : $"{new PartitionPin(partition.Values)} at {location}";
    }

    /// <summary>
    /// A partition is in the future by itself, not because pinned keys put it there.
    /// </summary>
    private static bool IsLater(TypedPartition partition, PartitionPinMatcher matcher, DateTime? newest) =>
        PartitionTime.BeginOf(partition.Source.Values, partition.Values, _ => true) > newest
        && !(PartitionTime.BeginOf(partition.Source.Values, partition.Values, matcher.IsPinned) > newest);

    /// <summary>Why a partition has no place in the order; null when it has one.</summary>
    private static string? Refusal(CatalogTable table, TypedPartition partition, PartitionPinMatcher matcher)
    {
        if (partition.Values.Length != table.PartitionKeys.Count)
            return $"has {partition.Values.Length} of {table.PartitionKeys.Count} partition keys";
        for (var key = 0; key < partition.Values.Length; key++)
        {
            if (partition.Source.Values[key].Value.Any(char.IsControl))
                return $"the value of '{table.PartitionKeys[key]}' holds control characters";
            if (!partition.Values[key].IsTyped && !matcher.IsPinned(key))
                return $"the value of '{table.PartitionKeys[key]}' is neither a date, a timestamp nor a whole number";
        }

        return null;
    }

    private static void CheckKinds(CatalogTable table, List<TypedPartition> rows, PartitionPinMatcher matcher)
    {
        for (var key = 0; key < table.PartitionKeys.Count; key++)
        {
            if (matcher.IsPinned(key))
                continue;
            var isCalendar = rows[0].Values[key].IsCalendar;
            if (rows.Find(row => row.Values[key].IsCalendar != isCalendar) is not { } other)
                continue;
            var (date, number) = isCalendar ? (rows[0], other) : (other, rows[0]);
            throw new InputDataException(
                "A partition key holds dates in some partitions and other whole numbers in others, so none is the latest", new ErrorPlace
                {
                    Object = number.Source.Location.ToString(),
                    Column = table.PartitionKeys[key],
                    Expected = $"a date as in {date.Source.Location}",
                    Actual = "a whole number",
                }, "pin the partition with --partition, or move the odd one out of the table");
        }
    }

    /// <summary>
    /// Two spellings of one value would make the latest partition a matter of chance, and each of
    /// them would hold a part of its rows.
    /// </summary>
    private static void CheckDistinct(List<TypedPartition> rows)
    {
        for (var i = 1; i < rows.Count; i++)
        {
            var (newer, older) = (rows[i - 1], rows[i]);
            var equal = 0;
            while (equal < newer.Values.Length && Compare(newer.Values[equal], older.Values[equal]) == 0)
            {
                if (newer.Source.Values[equal].Value != older.Source.Values[equal].Value)
                    break;
                equal++;
            }

            var isSpelledTwice = equal < newer.Values.Length && Compare(newer.Values[equal], older.Values[equal]) == 0;
            if (!isSpelledTwice && equal < newer.Values.Length)
                continue;
            throw new InputDataException("Two partitions have equal values", new ErrorPlace
            {
                Object = older.Source.Location.ToString(),
                Expected = "one spelling of each value",
                Actual = newer.Source.Location.ToString(),
            }, "merge them, or move one of them out of the table");
        }
    }

    private static int Compare(TypedPartition left, TypedPartition right)
    {
        for (var key = 0; key < left.Values.Length; key++)
        {
            var order = Compare(left.Values[key], right.Values[key]);
            if (order != 0)
                return order;
        }

        // Equal partitions are refused afterwards; the order of their spellings only makes the
        // message the same every time.
        return string.CompareOrdinal(left.Source.Location.Prefix, right.Source.Location.Prefix);
    }

    /// <summary>Values without an order are pinned ones, which are all the same.</summary>
    private static int Compare(PartitionKeyValue left, PartitionKeyValue right) =>
        PartitionKeyValue.TryCompare(left, right, out var order) ? order : 0;

    private static PartitionException NothingLeft(CatalogTable table, PartitionPin? pin, List<SkippedItem> skipped)
    {
        if (skipped.Find(item => item.Reason == Future) is { } future)
        {
            return new PartitionException("No partition is left but those in the future", new ErrorPlace
            {
                Object = table.Name,
                Expected = "a partition that begins at most two days from now",
                Actual = $"{skipped.Count(item => item.Reason == Future)} later ones, such as {future.Name}",
            }, "pin one with --partition, or give --allow-future-partition");
        }

        if (skipped.Count > 0)
        {
            return new PartitionException("No partition has values that tell which is the latest", new ErrorPlace
            {
                Object = table.Name,
                Expected = $"a date, a timestamp or a whole number in {string.Join('/', table.PartitionKeys)}",
                Actual = $"{skipped.Count} partitions without",
            }, $"keys of text have no latest: pin them with --partition {table.PartitionKeys[0]}=VALUE");
        }

        return pin is null
            ? new PartitionException("The table has no partitions", ErrorPlace.Of(table.Name), "check that it has been written")
            : new PartitionException(
                "The pinned partition does not exist", new ErrorPlace { Object = table.Name, Expected = pin.ToString() },
                "check --partition, or wait until the partition has been written");
    }

    private sealed record TypedPartition(CatalogPartition Source, PartitionKeyValue[] Values)
    {
        public static TypedPartition Of(CatalogPartition source) =>
            new(source, source.TypedValues is { } typed ? [.. typed] : Parse(source.Values));

        public PartitionCandidate ToCandidate() =>
            new(SourcePartition.Format(Source.Values), Source.Location, PartitionTime.Of(Source.Values, Values));

        private static PartitionKeyValue[] Parse(IReadOnlyList<PartitionValue> values)
        {
            var typed = new PartitionKeyValue[values.Count];
            for (var i = 0; i < typed.Length; i++)
                typed[i] = PartitionKeyValue.Parse(values[i].Value);
            return typed;
        }
    }
}
