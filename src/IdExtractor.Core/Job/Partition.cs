namespace IdExtractor.Core.Job;

/// <summary>
/// One partition key and its value as the folder or the catalog spells it, URL-decoded.
/// </summary>
/// <param name="Key">Name of the partition column.</param>
/// <param name="Value">The value's text.</param>
public sealed record PartitionValue(string Key, string Value);

/// <summary>
/// Some or all partition keys with the values that they must have, in folder order (specification,
/// section 11).
/// </summary>
/// <param name="Values">At least one.</param>
public sealed record PartitionPin(IReadOnlyList<PartitionValue> Values)
{
    /// <summary>As it is typed: <c>k=v/k=v</c>.</summary>
    public override string ToString() => string.Join('/', Values.Select(value => $"{value.Key}={value.Value}"));
}
