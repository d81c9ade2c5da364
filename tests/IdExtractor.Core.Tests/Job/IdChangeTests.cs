using IdExtractor.Core.Job;
using Xunit;

namespace IdExtractor.Core.Tests.Job;

public sealed class IdChangeTests
{
    [Theory]
    [InlineData(4L, 3L, -25.0)]
    [InlineData(4L, 4L, 0.0)]
    [InlineData(4L, 5L, 25.0)]
    [InlineData(4L, 0L, -100.0)]
    [InlineData(0L, 4L, null)]
    [InlineData(null, 4L, null)]
    [InlineData(4L, null, null)]
    public void Percent_Counts_IsThatOfTheFileBefore(long? before, long? now, double? percent) =>
        Assert.Equal(percent, IdChange.Percent(before, now));
}
