namespace IdExtractor.Aws.Requests;

/// <summary>
/// One try of a request: ends when its caller cancels, when its time is over, or when its reply is
/// slower than it may be.
/// </summary>
internal sealed class Attempt : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _end;
    private TimeSpan _window;
    private long _quota;
    private long _missing;

    /// <summary>Begins a try.</summary>
    public Attempt(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        _timer = new CancellationTokenSource(time, clock);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    /// <summary>Ends the try.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>
    /// Watches a reply from now on: each time it has brought so many bytes, it gets a new window to
    /// bring as many. A reply that trickles ends like one that is silent.
    /// </summary>
    /// <param name="window">The longest time for the bytes.</param>
    /// <param name="quota">Bytes, 1 or more.</param>
    public void Watch(TimeSpan window, long quota)
    {
        (_window, _quota, _missing) = (window, quota, quota);
        _timer.CancelAfter(window);
    }

    /// <summary>Bytes have come. It changes nothing for a reply that is not watched.</summary>
    public void Advance(int bytes)
    {
        _missing -= bytes;
        if (_quota == 0 || _missing > 0)
            return;
        _missing = _quota;
        _timer.CancelAfter(_window);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Dispose();
        _timer.Dispose();
    }
}
