using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Testing.Stores;

/// <summary>
/// Makes chosen calls of a store fail, so that the code above it can be tested against faults.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="faults">What goes wrong, each once.</param>
/// <param name="clock">Measures delays.</param>
public sealed class FaultObjectStore(
    IObjectStore inner, IReadOnlyList<Fault> faults, TimeProvider? clock = null) : ObjectStoreDecorator(inner)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly int[] _counts = new int[Enum.GetValues<StoreOperation>().Length];
    private readonly Lock _gate = new();
    private int _total;
    private int _injected;

    /// <summary>Calls so far.</summary>
    public int Calls => Volatile.Read(ref _total);

    /// <summary>Faults that have struck.</summary>
    public int Injected => Volatile.Read(ref _injected);

    /// <inheritdoc/>
    protected override async ValueTask<T> InvokeAsync<T>(
        StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(send);
        var fault = Next(request.Operation);
        await PrepareAsync(fault, request, cancellationToken).ConfigureAwait(false);
        if (fault?.Kind is FaultKind.Error or FaultKind.Cut or FaultKind.SilentCut or FaultKind.DiskFull)
            throw ErrorOf(fault, request);
        var result = await send(cancellationToken).ConfigureAwait(false);
        if (fault?.Kind == FaultKind.LostReply)
        {
            if (result is IAsyncDisposable opened)
                await opened.DisposeAsync().ConfigureAwait(false);
            throw ErrorOf(fault, request);
        }

        return result;
    }

    /// <inheritdoc/>
    protected override async ValueTask ReadAsync(
        IObjectReader reader, StoreCall request, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var fault = Next(request.Operation);
        await PrepareAsync(fault, request, cancellationToken).ConfigureAwait(false);
        if (fault?.Kind is FaultKind.Error or FaultKind.DiskFull)
            throw ErrorOf(fault, request);
        var isHalf = fault?.Kind is FaultKind.Cut or FaultKind.SilentCut;
        await reader.ReadAsync(
            request.Offset, isHalf ? destination[..(destination.Length / 2)] : destination, cancellationToken).ConfigureAwait(false);
        if (isHalf)
            destination.Span[(destination.Length / 2)..].Clear();
        if (fault?.Kind is FaultKind.Cut or FaultKind.LostReply)
            throw ErrorOf(fault, request);
    }

    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(
        IObjectWriter writer, StoreCall request, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var fault = Next(request.Operation);
        await PrepareAsync(fault, request, cancellationToken).ConfigureAwait(false);
        if (fault?.Kind == FaultKind.Error)
            throw ErrorOf(fault, request);
        var isHalf = fault?.Kind is FaultKind.Cut or FaultKind.SilentCut or FaultKind.DiskFull;
        await writer.AppendAsync(isHalf ? bytes[..(bytes.Length / 2)] : bytes, cancellationToken).ConfigureAwait(false);
        if (fault?.Kind is FaultKind.Cut or FaultKind.DiskFull or FaultKind.LostReply)
            throw ErrorOf(fault, request);
    }

    private Fault? Next(StoreOperation operation)
    {
        lock (_gate)
        {
            var total = ++_total;
            var ofOperation = ++_counts[(int)operation];
            var fault = faults.FirstOrDefault(
                fault => fault.Operation is null ? fault.Call == total : fault.Operation == operation && fault.Call == ofOperation);
            if (fault is not null)
                _injected++;
            return fault;
        }
    }

    private async ValueTask PrepareAsync(Fault? fault, StoreCall request, CancellationToken cancellationToken)
    {
        if (fault?.Kind == FaultKind.Delay)
            await Task.Delay(fault.Delay, _clock, cancellationToken).ConfigureAwait(false);
        if (fault is { Kind: FaultKind.Action, Action: { } action })
            await action(request).ConfigureAwait(false);
    }

    private Exception ErrorOf(Fault fault, StoreCall request)
    {
        if (fault.Error is { } error)
            return error(request);
        var problem = fault.Kind switch
        {
            FaultKind.DiskFull => "disk full",
            FaultKind.LostReply => "no reply came",
            FaultKind.Cut => "the connection was cut",
            _ => "the service failed",
        };
        return new TransientException($"Cannot finish the request: {problem}", ErrorPlace.Of(Describe(request.Key)), "run again");
    }
}
