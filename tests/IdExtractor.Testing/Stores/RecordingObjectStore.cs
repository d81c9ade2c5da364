using IdExtractor.Core.Storage;

namespace IdExtractor.Testing.Stores;

/// <summary>
/// Counts the calls of a store and the bytes that they moved, failed ones included; on demand it
/// keeps a list of them, in the order in which they began.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="keepCalls">Keep every call: for tests, as the list grows without bound.</param>
public sealed class RecordingObjectStore(IObjectStore inner, bool keepCalls = false) : ObjectStoreDecorator(inner)
{
    private readonly long[] _counts = new long[Enum.GetValues<StoreOperation>().Length];
    private readonly Lock _gate = new();
    private readonly List<StoreCall> _calls = [];
    private long _bytesRead;
    private long _bytesWritten;
    private RecordingObjectStore? _above;

    /// <inheritdoc/>
    public override FolderAbove? Above
    {
        get
        {
            if (base.Above is not { } above)
                return null;
            lock (_gate)
                return above with { Store = _above ??= new RecordingObjectStore(above.Store) };
        }
    }

    /// <summary>Calls of all operations.</summary>
    public long Total => Enum.GetValues<StoreOperation>().Sum(Count);

    /// <summary>Bytes that reads requested.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Bytes that were appended.</summary>
    public long BytesWritten => Volatile.Read(ref _bytesWritten);

    /// <summary>Calls of one operation, those of the folders above included.</summary>
    public long Count(StoreOperation operation) => Volatile.Read(ref _counts[(int)operation]) + (_above?.Count(operation) ?? 0);

    /// <summary>A copy of the list of calls; empty when they are not kept.</summary>
    public IReadOnlyList<StoreCall> Calls()
    {
        lock (_gate)
            return [.. _calls];
    }

    /// <inheritdoc/>
    protected override ValueTask<T> InvokeAsync<T>(
        StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(send);
        Interlocked.Increment(ref _counts[(int)request.Operation]);
        if (request.Operation == StoreOperation.Read)
            Interlocked.Add(ref _bytesRead, request.Length);
        if (request.Operation == StoreOperation.Append)
            Interlocked.Add(ref _bytesWritten, request.Length);
        if (keepCalls)
        {
            lock (_gate)
                _calls.Add(request);
        }

        return send(cancellationToken);
    }
}
