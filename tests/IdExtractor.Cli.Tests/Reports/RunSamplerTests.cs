using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using Microsoft.Extensions.Time.Testing;

namespace IdExtractor.Cli.Tests.Reports;

public sealed class RunSamplerTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RunProgress _progress = new();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(3_600)]
    [InlineData(86_400)]
    public void Samples_OfARunOfAnyLength_AreFewEvenAndReachFromItsStartToItsEnd(int seconds)
    {
        using var sampler = new RunSampler(_clock, _progress, () => 7, _clock.GetTimestamp());
        // A longer step would show all of its samples the time at its end.
        var step = RunSampler.FirstInterval;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(seconds); passed += step)
        {
            _progress.AddScanned((long)step.TotalMilliseconds, 0);
            _clock.Advance(step);
        }

        var samples = sampler.Finish();

        Assert.InRange(samples.Count, seconds >= 12 ? RunSampler.MostSamples / 2 : 1, RunSampler.MostSamples);
        Assert.Equal(TimeSpan.FromSeconds(seconds), samples[^1].At);
        Assert.Equal(seconds * 1_000L, samples[^1].Rows);
        Assert.All(samples, sample => Assert.Equal(7, sample.MemoryBytes));
        if (seconds > 0)
            Assert.True(samples[0].At <= RunSampler.FirstInterval);
        var steps = samples.Zip(samples.Skip(1), (one, next) => next.At - one.At).SkipLast(1).ToArray();
        Assert.True(steps.Length == 0 || steps.Max() <= 2 * steps.Min(), "the samples are not even");
    }
}
