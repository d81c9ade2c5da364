using IdExtractor.Aws.Requests;

namespace IdExtractor.Aws.Tests.Requests;

public sealed class RetryPolicyTests
{
    [Fact]
    public void DelayBefore_Repeats_DoublesUpToTheLongest()
    {
        var policy = new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromSeconds(1) };
        Assert.Equal(
            [100, 200, 400, 800, 1000, 1000],
            Enumerable.Range(1, 6).Select(repeat => (int)policy.DelayBefore(repeat, 1).TotalMilliseconds));
        Assert.Equal(TimeSpan.FromSeconds(1), policy.DelayBefore(1000, 1));
        Assert.Equal(TimeSpan.FromMilliseconds(100), policy.DelayBefore(2, 0.5));
        Assert.Equal(TimeSpan.Zero, policy.DelayBefore(3, 0));
    }
}
