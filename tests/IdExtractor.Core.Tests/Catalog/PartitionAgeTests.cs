using IdExtractor.Core.Catalog;
using IdExtractor.Foundation.Errors;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class PartitionAgeTests
{
    private static readonly DateTime s_day = new(2025, 10, 22, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0, 48)]
    [InlineData(47.99, 48)]
    [InlineData(48, 48)]
    [InlineData(-24, 1)]
    public void EnsureFresh_YoungEnough_Passes(double ageHours, double limitHours) => Check(s_day.AddHours(ageHours), limitHours);

    [Theory]
    [InlineData(48.01, 48)]
    [InlineData(2, 1.5)]
    [InlineData(24 * 400, 24)]
    public void EnsureFresh_TooOld_IsAPartitionError(double ageHours, double limitHours)
    {
        var error = Assert.Throws<PartitionException>(() => Check(s_day.AddHours(ageHours), limitHours));
        Assert.Contains("20251022", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("--max-partition-age", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void EnsureFresh_NoLimit_AsksForNoDate() => PartitionAge.EnsureFresh("t", "100", null, null, new FakeTimeProvider(s_day));

    [Fact]
    public void EnsureFresh_KeysWithoutADate_IsAUsageError()
    {
        var error = Assert.Throws<UsageException>(
            () => PartitionAge.EnsureFresh("t", "100", null, TimeSpan.FromDays(2), new FakeTimeProvider(s_day)));
        Assert.Contains("--max-partition-age needs a partition key that is a date", error.ToLine(), StringComparison.Ordinal);
    }

    private static void Check(DateTime now, double limitHours) =>
        PartitionAge.EnsureFresh("t", "20251022", s_day, TimeSpan.FromHours(limitHours), new FakeTimeProvider(now));
}
