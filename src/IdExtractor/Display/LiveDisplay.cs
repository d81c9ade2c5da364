using IdExtractor.Host;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>
/// A bar on a terminal. It appears only when the run takes longer than a moment.
/// </summary>
internal sealed class LiveDisplay : IDisplay
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(500);

    /// <summary>A terminal that is stopped (Ctrl-S) must not keep the run from ending.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly ITimer _timer;
    private Task? _drawing;

    /// <param name="clock">Measures the delay.</param>
    /// <param name="meter">How far the run is.</param>
    /// <param name="terminal">Log lines go above the bar while there is one.</param>
    /// <param name="speech">The language of the bar.</param>
    public LiveDisplay(TimeProvider clock, ProgressMeter meter, Terminal terminal, Speech speech)
    {
        void Show(object? state)
        {
            lock (_gate)
            {
                if (_over.IsSet)
                    return;
                _drawing = Task.Factory.StartNew(
                    () => new LiveBar(terminal, speech).Draw(meter, _over), CancellationToken.None, TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
        }

        _timer = clock.CreateTimer(Show, null, s_moment, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        const string ShowCursor = "\r\e[J\e[?25h";
        if (_drawing is null)
            return;
        StandardStream.Error.Write(System.Text.Encoding.ASCII.GetBytes(ShowCursor));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _over.Set();
        _timer.Dispose();
        if (_drawing is not null)
            // Unlike Wait, this does not raise what went wrong: a bar that cannot be drawn must not
            // end a run.
            Task.WaitAny([_drawing], s_patience);
    }
}
