using IdExtractor.Core.Job;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// Writes the output's <c>source_partition</c> (decision 1) and says which of two is the later one:
/// typed values key by key, in order.
/// </summary>
public sealed class SourcePartition : IPartitionOrder
{
    private readonly Func<string, string, PartitionKeyValue> _typeOf;

    /// <param name="typeOf">Types the value of a key, whose name is empty where there is only one:
    /// for tables that write dates in a form of their own, as <c>22-10-2025</c>.</param>
    internal SourcePartition(Func<string, string, PartitionKeyValue> typeOf) => _typeOf = typeOf;

    /// <summary>The order of values whose text shows their type.</summary>
    public static SourcePartition Order { get; } = new((_, value) => PartitionKeyValue.Parse(value));

    /// <summary>
    /// The bare value of one key; <c>k=v/k=v</c> in folder order of more;
    /// <see cref="PublishMetadata.Unpartitioned"/> of none.
    /// </summary>
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

    private int? Compare(PartitionValue left, PartitionValue right)
    {
        if (!string.Equals(left.Key, right.Key, StringComparison.OrdinalIgnoreCase))
            return null;
        if (left.Value == right.Value)
            return 0;
        return PartitionKeyValue.TryCompare(_typeOf(left.Key, left.Value), _typeOf(right.Key, right.Value), out var order) ? order : null;
    }

    /// <summary>
    /// One value without a key for a bare value. A part without a key goes on with the value before
    /// it: projected dates may be written <c>2025/10/22</c>.
    /// </summary>
    private static List<PartitionValue> Split(string text)
    {
        var values = new List<PartitionValue>();
        foreach (var part in text.Split('/'))
        {
            var split = part.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0 && values.Count == 0)
                return [new PartitionValue("", text)];
            if (split <= 0)
            {
                values[^1] = values[^1] with { Value = $"{values[^1].Value}/{part}" };
                continue;
            }

            values.Add(new PartitionValue(part[..split], part[(split + 1)..]));
        }

        return values.Count == 1 ? [new PartitionValue("", text)] : values;
    }
}
