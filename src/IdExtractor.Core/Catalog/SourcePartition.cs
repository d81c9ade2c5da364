using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Catalog;

/// <summary>Writes and compares the output's <c>source_partition</c> (decision 1, spec section 6).</summary>
public static class SourcePartition
{
    /// <summary>The bare value of one key; <c>k=v/k=v</c> in folder order of more; <see cref="PartitionCandidate.Unpartitioned"/> of none.</summary>
    public static string Format(IReadOnlyList<PartitionValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count switch
        {
            0 => PartitionCandidate.Unpartitioned,
            1 => values[0].Value,
            _ => new PartitionPin(values).ToString(),
        };
    }

    /// <summary>
    /// How <paramref name="left"/> stands to <paramref name="right"/>: typed values key by key, in order. Texts are equal or incomparable, and so are different numbers or names of keys.
    /// </summary>
    public static PartitionRelation Compare(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left == right)
            return PartitionRelation.Equal;
        var (leftValues, rightValues) = (Split(left), Split(right));
        if (leftValues.Count != rightValues.Count)
            return PartitionRelation.Incomparable;
        for (var i = 0; i < leftValues.Count; i++)
        {
            var relation = Compare(leftValues[i], rightValues[i]);
            if (relation != PartitionRelation.Equal)
                return relation;
        }

        return PartitionRelation.Equal;
    }

    private static PartitionRelation Compare(PartitionValue left, PartitionValue right)
    {
        if (!string.Equals(left.Key, right.Key, StringComparison.OrdinalIgnoreCase))
            return PartitionRelation.Incomparable;
        if (left.Value == right.Value)
            return PartitionRelation.Equal;
        if (!PartitionKeyValue.TryCompare(PartitionKeyValue.Parse(left.Value), PartitionKeyValue.Parse(right.Value), out var order))
            return PartitionRelation.Incomparable;
        return order switch
        {
            < 0 => PartitionRelation.Older,
            0 => PartitionRelation.Equal,
            _ => PartitionRelation.Newer,
        };
    }

    /// <summary>One value without a key for a bare value; a bare value that holds a <c>/</c> is only a list of keys when each of its parts looks like one.</summary>
    private static List<PartitionValue> Split(string text)
    {
        var values = new List<PartitionValue>();
        foreach (var part in text.Split('/'))
        {
            var split = part.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0)
                return [new PartitionValue("", text)];
            values.Add(new PartitionValue(part[..split], part[(split + 1)..]));
        }

        return values.Count == 1 ? [new PartitionValue("", text)] : values;
    }
}
