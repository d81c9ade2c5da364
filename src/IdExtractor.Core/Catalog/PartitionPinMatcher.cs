using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// Applies <c>--partition</c> to the partitions of one table (decision 5; specification, section
/// 11).
/// </summary>
internal sealed class PartitionPinMatcher
{
    /// <summary>The pinned value for each key; null for keys that are free.</summary>
    private readonly (string Text, PartitionKeyValue Typed)?[] _pinned;

    private readonly int _pinnedByReference;

    private PartitionPinMatcher(CatalogTable table)
    {
        _pinned = new (string, PartitionKeyValue)?[table.PartitionKeys.Count];
        _pinnedByReference = table.PinnedKeys;
    }

    /// <summary>The key at this place is pinned, so its value needs no order.</summary>
    public bool IsPinned(int key) => key < _pinnedByReference || _pinned[key] is not null;

    /// <exception cref="PartitionException">The table has no such key.</exception>
    /// <exception cref="UsageException">
    /// The keys are not in folder order, or one is repeated.
    /// </exception>
    public static PartitionPinMatcher Create(CatalogTable table, PartitionPin? pin)
    {
        var matcher = new PartitionPinMatcher(table);
        var previous = -1;
        foreach (var value in pin?.Values ?? [])
        {
            var key = IndexOf(table.PartitionKeys, value.Key);
            if (key < 0)
            {
                throw new PartitionException("The pinned partition names a key that the table does not have", new ErrorPlace
                {
                    Object = table.Name,
                    Expected = table.PartitionKeys.Count == 0 ? "no partition keys" : string.Join('/', table.PartitionKeys),
                    Actual = $"'{value.Key}'",
                }, "correct --partition");
            }

            if (key <= previous)
                throw new UsageException(
                    $"--partition takes keys once each and in the order of the table: {string.Join('/', table.PartitionKeys)}");
            matcher._pinned[key] = (value.Value, PartitionKeyValue.Parse(value.Value));
            previous = key;
        }

        return matcher;
    }

    /// <summary>
    /// Every pinned key has its value: typed values are compared as such (<c>dia=9</c> is
    /// <c>dia=09</c>), others as text.
    /// </summary>
    public bool Matches(CatalogPartition partition)
    {
        for (var key = 0; key < _pinned.Length; key++)
        {
            if (_pinned[key] is null)
                continue;
            if (key >= partition.Values.Count || !Matches(key, partition.Values[key].Value, partition.TypedValues?[key]))
                return false;
        }

        return true;
    }

    /// <summary>The key at this place may have this value.</summary>
    /// <param name="key">Its place.</param>
    /// <param name="value">The value's text.</param>
    /// <param name="typed">What it is; null to go by the text.</param>
    public bool Matches(int key, string value, PartitionKeyValue? typed) =>
        _pinned[key] is not { } pinned
        || pinned.Text == value
        || (PartitionKeyValue.TryCompare(pinned.Typed, typed ?? PartitionKeyValue.Parse(value), out var order) && order == 0);

    private static int IndexOf(IReadOnlyList<string> keys, string name)
    {
        var inexact = -1;
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i] == name)
                return i;
            if (inexact < 0 && string.Equals(keys[i], name, StringComparison.OrdinalIgnoreCase))
                inexact = i;
        }

        return inexact;
    }
}
