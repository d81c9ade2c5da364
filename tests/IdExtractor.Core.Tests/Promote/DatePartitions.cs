using System.Globalization;
using IdExtractor.Core.Job;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>Orders partitions that are whole numbers; others cannot be compared.</summary>
public sealed class DatePartitions : IPartitionOrder
{
    public int? Compare(string left, string right) =>
        long.TryParse(left, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(right, CultureInfo.InvariantCulture, out var second)
            ? first.CompareTo(second)
            : null;
}
