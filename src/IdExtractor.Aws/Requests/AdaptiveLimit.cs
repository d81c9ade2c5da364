namespace IdExtractor.Aws.Requests;

/// <summary>
/// How many requests may be in flight at once. The limit is halved when the service asks to slow
/// down, and grows by one after each round of successes (additive increase, multiplicative
/// decrease), so that throttling is not answered with more requests.
/// </summary>
/// <param name="most">Upper bound, 1 or more.</param>
internal sealed class AdaptiveLimit(int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private double _allowed = most;
    private int _used;

    /// <summary>The current limit of requests in flight; 1 or more.</summary>
    public int Allowed
    {
        get
        {
            lock (_gate)
                return (int)_allowed;
        }
    }

    /// <summary>Waits for a place in line.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _used < (int)_allowed)
            {
                _used++;
                return;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
        }

        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), place);
        await place.Task.ConfigureAwait(false);
    }

    /// <summary>Gives the place back.</summary>
    /// <param name="wasThrottled">The service asked to slow down.</param>
    public void Leave(bool wasThrottled)
    {
        lock (_gate)
        {
            _used--;
            _allowed = wasThrottled ? Math.Max(1, _allowed / 2) : Math.Min(most, _allowed + (1 / _allowed));

            // A caller that gave up waiting cannot take its slot, and is skipped.
            while (_used < (int)_allowed && _waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult())
                    _used++;
            }
        }
    }
}
