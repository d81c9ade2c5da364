using IdExtractor.Aws.Requests;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>When a try ends.</summary>
public sealed class AttemptTests
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();

    [Fact]
    public void Advance_NotWatched_ChangesNothing()
    {
        using var attempt = new Attempt(Timeout.InfiniteTimeSpan, _clock, CancellationToken.None);
        attempt.Advance(1 << 20);
        _clock.Pass(TimeSpan.FromDays(1));
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
            _clock.Pass(s_window / 2);
            attempt.Advance(bytes / 2);
            _clock.Pass(s_window / 4);
            attempt.Advance(bytes - (bytes / 2));
        }

        Assert.Equal(ends, attempt.Token.IsCancellationRequested);
    }

    /// <summary>A clock whose timers fire as a test passes time.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];
        private TimeSpan _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        public void Pass(TimeSpan time)
        {
            _now += time;
            foreach (var timer in _timers.Where(timer => timer.Due <= _now).ToArray())
                timer.Fire();
        }

        private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
        {
            public TimeSpan? Due { get; private set; }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                return true;
            }

            public void Fire()
            {
                Due = null;
                fire();
            }

            public void Dispose() => Due = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
