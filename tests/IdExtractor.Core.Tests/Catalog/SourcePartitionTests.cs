using IdExtractor.Core.Catalog;
using IdExtractor.Core.Pipeline;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class SourcePartitionTests
{
    [Theory]
    [InlineData("20251021", "20251022", PartitionRelation.Older)]
    [InlineData("20251022", "20251022", PartitionRelation.Equal)]
    [InlineData("20260101", "20251231", PartitionRelation.Newer)]
    [InlineData("9", "10", PartitionRelation.Older)]
    [InlineData("9", "09", PartitionRelation.Equal)]
    [InlineData("2025-10-22", "20251021", PartitionRelation.Newer)]
    [InlineData("2025-10-22 10:00:00", "2025-10-22 09:59:59", PartitionRelation.Newer)]
    [InlineData("teste", "teste", PartitionRelation.Equal)]
    [InlineData("a/b", "a/b", PartitionRelation.Equal)]
    [InlineData("teste", "prova", PartitionRelation.Incomparable)]
    [InlineData("teste", "20251022", PartitionRelation.Incomparable)]
    [InlineData("100", "20251022", PartitionRelation.Incomparable)]
    [InlineData("unpartitioned", "unpartitioned", PartitionRelation.Equal)]
    [InlineData("unpartitioned", "20251022", PartitionRelation.Incomparable)]
    [InlineData("year=2025/month=9/day=30", "year=2025/month=10/day=1", PartitionRelation.Older)]
    [InlineData("year=2026/month=1/day=1", "year=2025/month=12/day=31", PartitionRelation.Newer)]
    [InlineData("year=2025/month=09/day=9", "Year=2025/Month=9/Day=09", PartitionRelation.Equal)]
    [InlineData("uf=SP/dia=20251021", "uf=SP/dia=20251022", PartitionRelation.Older)]
    [InlineData("uf=SP/dia=20251021", "uf=RJ/dia=20251022", PartitionRelation.Incomparable)]
    [InlineData("ano=2025/mes=9", "year=2025/month=9", PartitionRelation.Incomparable)]
    [InlineData("ano=2025/mes=9", "ano=2025/mes=9/dia=1", PartitionRelation.Incomparable)]
    [InlineData("ano=2025/mes=9", "20250901", PartitionRelation.Incomparable)]
    [InlineData("", "20250901", PartitionRelation.Incomparable)]
    public void Compare_Partitions_OldestFirst(string left, string right, PartitionRelation expected)
    {
        Assert.Equal(expected, SourcePartition.Compare(left, right));
        var reversed = expected switch
        {
            PartitionRelation.Older => PartitionRelation.Newer,
            PartitionRelation.Newer => PartitionRelation.Older,
            _ => expected,
        };
        Assert.Equal(reversed, SourcePartition.Compare(right, left));
    }

    [Fact]
    public void Format_OneKey_IsTheBareValueAsSpelled() => Assert.Equal("09", SourcePartition.Format([new("dia", "09")]));

    [Fact]
    public void Format_ManyKeys_AreJoinedInOrder() =>
        Assert.Equal("year=2025/month=09", SourcePartition.Format([new("year", "2025"), new("month", "09")]));

    [Fact]
    public void Format_NoKeys_IsUnpartitioned() => Assert.Equal("unpartitioned", SourcePartition.Format([]));
}
