using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Catalog;

/// <summary>Writes the output's <c>source_partition</c> (decision 1) and says which of two is the later one: typed values key by key, in order.</summary>
public sealed class SourcePartition : IPartitionOrder
{
    private SourcePartition()
    {
    }

    /// <summary>The one order there is.</summary>
    public static SourcePartition Order { get; } = new();

    /// <summary>The bare value of one key; <c>k=v/k=v</c> in folder order of more; <see cref="PublishMetadata.Unpartitioned"/> of none.</summary>
    public static string Format(IReadOnlyList<PartitionValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count switch
        {
            0 => PublishMetadata.Unpartitioned,
            1 => values[0].Value,
            _ => new PartitionPin(values).ToString(),
        };
    }

    /// <summary>As above; dates in a form of their own (<c>22-10-2025</c>) are written so that a later run can order them: <c>2025-10-22</c>.</summary>
    internal static string Format(CatalogPartition partition) => partition.TypedValues is not { } typed
        ? Format(partition.Values)
        : Format([.. partition.Values.Select((value, key) => PartitionKeyValue.Parse(value.Value).IsTyped || typed[key].Time is not { } time ? value : value with { Value = Text(time) })]);

    /// <inheritdoc/>
    public int? Compare(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left == right)
            return 0;
        var (leftValues, rightValues) = (Split(left), Split(right));
        if (leftValues.Count != rightValues.Count)
            return null;
        for (var i = 0; i < leftValues.Count; i++)
        {
            if (Compare(leftValues[i], rightValues[i]) is not 0 and var order)
                return order;
        }

        return 0;
    }

    private static string Text(DateTime time) =>
        time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", System.Globalization.CultureInfo.InvariantCulture);

    private static int? Compare(PartitionValue left, PartitionValue right)
    {
        if (!string.Equals(left.Key, right.Key, StringComparison.OrdinalIgnoreCase))
            return null;
        if (left.Value == right.Value)
            return 0;
        return PartitionKeyValue.TryCompare(PartitionKeyValue.Parse(left.Value), PartitionKeyValue.Parse(right.Value), out var order) ? order : null;
    }

    /// <summary>One value without a key for a bare value; a text that holds a <c>/</c> is only a list of keys when each of its parts looks like one.</summary>
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
