namespace IdExtractor.Core.Job;

/// <summary>
/// Says which of two partitions is the later one, by the typed values of their keys (specification,
/// section 3).
/// </summary>
public interface IPartitionOrder
{
    /// <summary>Compares two <c>source_partition</c> texts.</summary>
    /// <returns>Below 0, 0 or above 0 as <paramref name="left"/> is earlier, the same or later;
    /// null when they cannot be compared: other keys, other types, or values without an
    /// order.</returns>
    int? Compare(string left, string right);
}
