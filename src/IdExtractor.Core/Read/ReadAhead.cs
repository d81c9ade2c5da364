using System.Buffers;
using System.Collections.Concurrent;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Read;

/// <summary>
/// Fetches what a scan is going to read, for stores whose requests take their time: planned ranges in their order, as far ahead as memory allows, and before them what a reader wants now. Near
/// ranges are fetched together when the gap between them costs less than a request. A reader that waits is always served, if need be beyond the budget, so that readers never wait for each
/// other. Thread safe; the reads themselves run on the thread pool.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    /// <summary>Turns by which readers may lag behind the latest: a range that is passed over for longer is not going to be read.</summary>
    private const int MostTurnsLate = 256;

    private readonly ReadAheadLimits _limits;
    private readonly RunProgress _progress;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentDictionary<PlannedFile, Lazy<Task<IObjectReader>>> _files = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<(PlannedFile, long), RangeFetch> _planned = [];
    private readonly Queue<RangeFetch> _later;
    private readonly Queue<(RangeFetch Fetch, List<PlannedRange> Members)> _untaken;
    private readonly Queue<RangeFetch> _soon = new();
    private readonly HashSet<Task> _underWay = [];
    private long _held;

    /// <summary>Begins to fetch.</summary>
    /// <param name="plan">What will be read, in about this order.</param>
    /// <param name="limits">Memory and request size.</param>
    /// <param name="progress">Receives the bytes that are fetched.</param>
    /// <param name="cancellationToken">Ends all fetches.</param>
    public ReadAhead(IReadOnlyList<PlannedRange> plan, ReadAheadLimits limits, RunProgress progress, CancellationToken cancellationToken)
    {
        (_limits, _progress) = (limits, progress);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fetches = RangeGroups.Of(plan, limits.BlockBytes);
        foreach (var (fetch, members) in fetches)
        {
            foreach (var member in members)
                _planned[(member.File, member.Offset)] = fetch;
        }

        _later = new Queue<RangeFetch>(fetches.Select(pair => pair.Fetch));
        _untaken = new Queue<(RangeFetch Fetch, List<PlannedRange> Members)>(fetches);
        Pump();
    }

    /// <summary>Bytes in memory now.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_gate)
                return _held;
        }
    }

    /// <summary>The file, opened once for all who read it.</summary>
    public Task<IObjectReader> OpenAsync(PlannedFile file) => _files.GetOrAdd(
        file,
        wanted => new Lazy<Task<IObjectReader>>(() => Task.Run(() => wanted.Store.OpenAsync(wanted.Object.Key, wanted.Object.Stamp, _stop.Token).AsTask()))).Value;

    /// <summary>The fetch that holds a range: the planned one, or one that is begun now. The caller ends it by <see cref="End"/>.</summary>
    /// <param name="range">The range.</param>
    /// <param name="isWhole">It is read from end to end; else only the blocks that a reader comes to are fetched.</param>
    public RangeFetch Take(PlannedRange range, bool isWhole)
    {
        RangeFetch? fetch;
        lock (_gate)
        {
            if (_planned.Remove((range.File, range.Offset), out fetch))
            {
                DropPassedOver(fetch.Turn);
            }
            else
            {
                fetch = new RangeFetch(range, _limits.BlockBytes, readers: 1);
                if (isWhole)
                    _soon.Enqueue(fetch);
            }
        }

        Pump();
        return fetch;
    }

    /// <summary>Waits for a block.</summary>
    /// <returns>The bytes of the block, until it is given back.</returns>
    public ReadOnlyMemory<byte> Wait(RangeFetch fetch, int index)
    {
        FetchBlock block;
        lock (_gate)
            block = AskNow(fetch, index);
        block.Arrival.GetAwaiter().GetResult();
        return block.Bytes.AsMemory(0, block.Length);
    }

    /// <summary>A block has arrived, or failed to: to wait for it takes no time. One that nobody has asked for is asked for.</summary>
    public bool HasArrived(RangeFetch fetch, int index)
    {
        lock (_gate)
            return AskNow(fetch, index).Arrival.IsCompleted;
    }

    /// <summary>Gives blocks back that only this reader used.</summary>
    /// <param name="fetch">Of this fetch.</param>
    /// <param name="from">The first that it has not given back.</param>
    /// <param name="to">The first that it still wants.</param>
    public void PassOver(RangeFetch fetch, int from, int to)
    {
        if (from >= to)
            return;
        lock (_gate)
        {
            if (fetch.Readers > 1)
                return;
            for (var index = from; index < to; index++)
                GiveBack(fetch, index);
            fetch.NextToAsk = Math.Max(fetch.NextToAsk, to);
        }

        Pump();
    }

    /// <summary>A reader has what it wanted.</summary>
    public void End(RangeFetch fetch)
    {
        lock (_gate)
        {
            if (--fetch.Readers == 0)
                Drop(fetch);
        }

        Pump();
    }

    /// <summary>Ends all fetches and waits until none writes into a buffer any more.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task[] underWay;
        lock (_gate)
            underWay = [.. _underWay];
        Task.WhenAll(underWay).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        foreach (var file in _files.Values.Where(file => file is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
            file.Value.Result.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private void Pump()
    {
        lock (_gate)
        {
            while (!_stop.IsCancellationRequested && NextFetch() is { } fetch)
            {
                var index = fetch.NextToAsk;
                var limit = fetch.Turn < 0 ? _limits.BudgetBytes : _limits.DocumentBytes;
                if (_held > 0 && _held + fetch.LengthOf(index) > limit)
                    return;
                fetch.NextToAsk++;
                if (fetch.Block(index) is null)
                    Ask(fetch, index);
            }
        }
    }

    private RangeFetch? NextFetch() => FirstUnasked(_soon) ?? FirstUnasked(_later);

    private static RangeFetch? FirstUnasked(Queue<RangeFetch> queue)
    {
        while (queue.TryPeek(out var fetch))
        {
            if (fetch.NextToAsk < fetch.BlockCount)
                return fetch;
            queue.Dequeue();
        }

        return null;
    }

    // Beyond the budget, if it comes to that: who wants a block now must not wait for others to give back what they have.
    private FetchBlock AskNow(RangeFetch fetch, int index)
    {
        fetch.NextToAsk = Math.Max(fetch.NextToAsk, index + 1);
        return fetch.Block(index) ?? Ask(fetch, index);
    }

    private FetchBlock Ask(RangeFetch fetch, int index)
    {
        var length = fetch.LengthOf(index);
        var block = new FetchBlock(ArrayPool<byte>.Shared.Rent(length), length);
        _held += length;
        fetch.Block(index) = block;
        var arrival = Task.Run(() => ReadAsync(fetch.Range.File, fetch.OffsetOf(index), block));
        block.Arrival = arrival;
        _underWay.Add(arrival);
        arrival.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return block;
    }

    private async Task ReadAsync(PlannedFile file, long offset, FetchBlock block)
    {
        var reader = await OpenAsync(file).ConfigureAwait(false);
        await reader.ReadAsync(offset, block.Bytes.AsMemory(0, block.Length), _stop.Token).ConfigureAwait(false);
        _progress.AddBytesRead(block.Length);
    }

    private void Forget(Task arrival)
    {
        // Whoever waits for the block sees its error; one that nobody waits for any more is of no interest.
        _ = arrival.Exception;
        lock (_gate)
            _underWay.Remove(arrival);
    }

    private void DropPassedOver(int turn)
    {
        while (_untaken.TryPeek(out var oldest) && oldest.Fetch.Turn < turn - MostTurnsLate)
        {
            _untaken.Dequeue();
            foreach (var member in oldest.Members)
            {
                if (_planned.Remove((member.File, member.Offset)) && --oldest.Fetch.Readers == 0)
                    Drop(oldest.Fetch);
            }
        }
    }

    private void Drop(RangeFetch fetch)
    {
        fetch.NextToAsk = fetch.BlockCount;
        for (var index = 0; index < fetch.BlockCount; index++)
            GiveBack(fetch, index);
    }

    private void GiveBack(RangeFetch fetch, int index)
    {
        if (fetch.Block(index) is not { } block)
            return;
        fetch.Block(index) = null;
        if (block.Arrival.IsCompleted)
            Return(block);
        else
            block.Arrival.ContinueWith(ReturnLate, block, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void ReturnLate(Task arrival, object? block)
    {
        lock (_gate)
            Return((FetchBlock)block!);
        Pump();
    }

    private void Return(FetchBlock block)
    {
        _held -= block.Length;
        ArrayPool<byte>.Shared.Return(block.Bytes);
    }
}
