namespace IdExtractor.Aws.Requests;

/// <summary>One try of a request: ends when its caller cancels, or when the time that it was last given is over.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly CancellationTokenSource _end;

    /// <summary>Begins a try.</summary>
    public Attempt(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        _timer = new CancellationTokenSource(time, clock);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    private readonly CancellationTokenSource _timer;

    /// <summary>Ends the try.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Gives it so much time from now on.</summary>
    public void Renew(TimeSpan time) => _timer.CancelAfter(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Dispose();
        _timer.Dispose();
    }
}
