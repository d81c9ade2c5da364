using IdExtractor.Core.Catalog;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class SourcePartitionTests
{
    [Theory]
    [InlineData("20251021", "20251022", -1)]
    [InlineData("20251022", "20251022", 0)]
    [InlineData("20260101", "20251231", 1)]
    [InlineData("9", "10", -1)]
    [InlineData("9", "09", 0)]
    [InlineData("2025-10-22", "20251021", 1)]
    [InlineData("2025-10-22 10:00:00", "2025-10-22 09:59:59", 1)]
    [InlineData("teste", "teste", 0)]
    [InlineData("a/b", "a/b", 0)]
    [InlineData("teste", "prova", null)]
    [InlineData("teste", "20251022", null)]
    [InlineData("100", "20251022", null)]
    [InlineData("unpartitioned", "unpartitioned", 0)]
    [InlineData("unpartitioned", "20251022", null)]
    [InlineData("year=2025/month=9/day=30", "year=2025/month=10/day=1", -1)]
    [InlineData("year=2026/month=1/day=1", "year=2025/month=12/day=31", 1)]
    [InlineData("year=2025/month=09/day=9", "Year=2025/Month=9/Day=09", 0)]
    [InlineData("uf=SP/dia=20251021", "uf=SP/dia=20251022", -1)]
    [InlineData("uf=SP/dia=20251021", "uf=RJ/dia=20251022", null)]
    [InlineData("ano=2025/mes=9", "year=2025/month=9", null)]
    [InlineData("ano=2025/mes=9", "ano=2025/mes=9/dia=1", null)]
    [InlineData("ano=2025/mes=9", "20250901", null)]
    [InlineData("", "20250901", null)]
    public void Compare_Partitions_OldestFirst(string left, string right, int? expected)
    {
        Assert.Equal(expected, Sign(SourcePartition.Order.Compare(left, right)));
        Assert.Equal(-expected, Sign(SourcePartition.Order.Compare(right, left)));
    }

    [Fact]
    public void Format_OneKey_IsTheBareValueAsSpelled() => Assert.Equal("09", SourcePartition.Format([new("dia", "09")]));

    [Fact]
    public void Format_ManyKeys_AreJoinedInOrder() =>
        Assert.Equal("year=2025/month=09", SourcePartition.Format([new("year", "2025"), new("month", "09")]));

    [Fact]
    public void Format_NoKeys_IsUnpartitioned() => Assert.Equal("unpartitioned", SourcePartition.Format([]));

    private static int? Sign(int? order) => order is { } known ? Math.Sign(known) : null;
}
