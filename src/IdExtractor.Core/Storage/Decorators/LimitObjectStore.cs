namespace IdExtractor.Core.Storage.Decorators;

/// <summary>Lets at most so many calls run at once; further ones wait in line. Later pages of a listing are not counted.</summary>
public sealed class LimitObjectStore : ObjectStoreDecorator, IDisposable
{
    private readonly SemaphoreSlim _slots;

    /// <summary>Limits a store.</summary>
    /// <param name="inner">The store.</param>
    /// <param name="calls">Calls at once, 1 or more.</param>
    public LimitObjectStore(IObjectStore inner, int calls)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        _slots = new SemaphoreSlim(calls, calls);
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <inheritdoc/>
    protected override async ValueTask<T> InvokeAsync<T>(StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(send);
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await send(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
