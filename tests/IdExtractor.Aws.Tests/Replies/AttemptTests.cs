using IdExtractor.Aws.Requests;
using Microsoft.Extensions.Time.Testing;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>When a try ends.</summary>
public sealed class AttemptTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Advance_NotWatched_ChangesNothing()
    {
        using var attempt = new Attempt(Timeout.InfiniteTimeSpan, _clock, CancellationToken.None);
        attempt.Advance(1 << 20);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(attempt.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public void Advance_Watched_NeedsTheQuotaInEachWindow(int bytes, bool ends)
    {
        using var attempt = new Attempt(TimeSpan.FromHours(1), _clock, CancellationToken.None);
        attempt.Watch(s_window, 100);
        for (var window = 0; window < 3 && !attempt.Token.IsCancellationRequested; window++)
        {
            _clock.Advance(s_window / 2);
            attempt.Advance(bytes / 2);
            _clock.Advance(s_window / 4);
            attempt.Advance(bytes - (bytes / 2));
        }

        Assert.Equal(ends, attempt.Token.IsCancellationRequested);
    }
}
