using System.Collections.Concurrent;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Fetches what a scan is going to read from stores with slow requests. Planned ranges are fetched
/// in order, as far ahead as memory allows; what a reader needs now comes first. Nearby ranges are
/// fetched together when the gap between them costs less than a request. Requests are large and
/// pieces are small: a piece can be read as soon as it arrives, and its memory serves the next
/// request as soon as it has been read. A waiting reader is always served, beyond the budget if
/// necessary, so readers never wait for each other. Thread safe; the reads themselves run on the
/// thread pool.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    /// <summary>
    /// Number of turns by which a reader may lag behind the latest. A range that has been skipped
    /// for longer will not be read.
    /// </summary>
    private const int MostTurnsLate = 256;

    private readonly ReadAheadLimits _limits;
    private readonly RunProgress _progress;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentDictionary<PlannedFile, Lazy<Task<IObjectReader>>> _files = new();
    private readonly Lock _gate = new();
    private readonly PiecePool _pool;
    private readonly Dictionary<(PlannedFile, long), FetchPart> _planned = [];
    private readonly Queue<(RangeFetch Fetch, int From)> _later;
    private readonly Queue<(RangeFetch Fetch, List<PlannedRange> Members)> _untaken;
    private readonly Queue<(RangeFetch Fetch, int From)> _soon = new();
    private readonly HashSet<FetchRequest> _underWay = [];
    private long _held;

    /// <summary>Starts fetching.</summary>
    /// <param name="plan">The ranges to read, in approximately this order.</param>
    /// <param name="limits">Memory and request size.</param>
    /// <param name="progress">Counts the bytes fetched.</param>
    /// <param name="cancellationToken">Ends all fetches.</param>
    public ReadAhead(IEnumerable<PlannedRange> plan, ReadAheadLimits limits, RunProgress progress, CancellationToken cancellationToken)
    {
        (_limits, _progress) = (limits, progress);
        _pool = new PiecePool(limits.PieceBytes);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fetches = RangeGroups.Of(plan, limits);
        foreach (var (fetch, members) in fetches)
        {
            foreach (var member in members)
                _planned[(member.File, member.Offset)] = new FetchPart(fetch, member);
        }

        _later = new Queue<(RangeFetch Fetch, int From)>(RequestOrder.Of(fetches.Select(pair => pair.Fetch), limits.Concurrency));
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

    /// <summary>Opens the file once for all its readers.</summary>
    public Task<IObjectReader> OpenAsync(PlannedFile file) => _files.GetOrAdd(
        file,
        wanted => new Lazy<Task<IObjectReader>>(() => Task.Run(() => wanted.Store.OpenAsync(wanted.Object, _stop.Token).AsTask()))).Value;

    /// <summary>
    /// The fetch that holds a range: the planned one, or a new one. The caller must pass all pieces
    /// of the returned part.
    /// </summary>
    /// <param name="range">The range.</param>
    /// <param name="isWhole">True when the range is read from end to end; otherwise, only what a
    /// reader reaches is fetched.</param>
    public FetchPart Take(PlannedRange range, bool isWhole)
    {
        FetchPart part;
        lock (_gate)
        {
            if (_planned.TryGetValue((range.File, range.Offset), out part) && part.Range.Length >= range.Length)
            {
                _planned.Remove((range.File, range.Offset));
                DropPassedOver(part.Fetch.Turn);
            }
            else
            {
                part = new FetchPart(new RangeFetch(range, _limits, [range]), range);
                foreach (var request in isWhole ? RequestOrder.Of([part.Fetch], concurrency: 1) : [])
                    _soon.Enqueue(request);
            }
        }

        Pump();
        return part;
    }

    /// <summary>Waits for a piece that the caller has not passed.</summary>
    /// <returns>The bytes of the piece, valid until it is passed.</returns>
    public ReadOnlyMemory<byte> Wait(RangeFetch fetch, int index) =>
        RequestOf(fetch, index).Wait(index, more: 0)[..(int)(fetch.EndOf(index) - fetch.OffsetOf(index))];

    /// <summary>Waits for a piece and some after it.</summary>
    public void WaitForSome(RangeFetch fetch, int index) => RequestOf(fetch, index).Wait(index, _limits.UrgentPieces - 1);

    /// <summary>
    /// True when waiting for a piece takes no time: it has arrived, or will not come. A piece that
    /// has not been requested is requested now, if there is room.
    /// </summary>
    /// <param name="fetch">The fetch.</param>
    /// <param name="index">The piece.</param>
    /// <param name="some">True to ask the same about some pieces after it.</param>
    public bool HasArrived(RangeFetch fetch, int index, bool some)
    {
        lock (_gate)
        {
            if (fetch.Request(index) is { } request)
                return request.HasArrived(index, some ? _limits.UrgentPieces - 1 : 0);
            TryAsk(fetch, index, fetch.RequestPieces);
            return false;
        }
    }

    /// <summary>
    /// Records that a reader will not return to some pieces. Pieces that no other reader wants are
    /// released.
    /// </summary>
    /// <param name="fetch">The fetch.</param>
    /// <param name="from">The first that it has not passed.</param>
    /// <param name="to">The first that it still wants.</param>
    public void Pass(RangeFetch fetch, int from, int to)
    {
        if (from >= to)
            return;
        lock (_gate)
            PassOver(fetch, from, to);
        Pump();
    }

    /// <summary>
    /// Cancels all fetches, waits until none writes into a buffer any more, and releases their
    /// memory.
    /// </summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task[] underWay;
        lock (_gate)
            underWay = [.. _underWay.Select(request => request.End)];
        Task.WaitAll(underWay);
        foreach (var file in _files.Values.Where(file => file is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
            file.Value.Result.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _pool.Dispose();
        _stop.Dispose();
    }

    private FetchRequest RequestOf(RangeFetch fetch, int index)
    {
        lock (_gate)
            return fetch.Request(index) ?? AskNow(fetch, index);
    }

    private void Pump()
    {
        lock (_gate)
        {
            while (NextRequest() is { } next)
            {
                if (!TryAsk(next.Fetch, next.From, next.Fetch.RequestPieces))
                    return;
            }
        }
    }

    private (RangeFetch Fetch, int From)? NextRequest() => FirstUnasked(_soon) ?? FirstUnasked(_later);

    private static (RangeFetch Fetch, int From)? FirstUnasked(Queue<(RangeFetch Fetch, int From)> queue)
    {
        while (queue.TryPeek(out var next))
        {
            // Meanwhile readers may have requested part of it, or passed it.
            var from = next.Fetch.NextUnasked(next.From);
            if (from < Math.Min(next.From + next.Fetch.RequestPieces, next.Fetch.PieceCount))
                return (next.Fetch, from);
            queue.Dequeue();
        }

        return null;
    }

    private bool TryAsk(RangeFetch fetch, int from, int most)
    {
        var end = fetch.EndOfRequest(from, most);
        var limit = fetch.Turn < 0 ? _limits.BudgetBytes : _limits.DocumentBytes;
        if (_stop.IsCancellationRequested || (_held > 0 && _held + ((end - from) * (long)_limits.PieceBytes) > limit))
            return false;
        Ask(fetch, from, end);
        return true;
    }

    // May go beyond the budget: a reader that needs a piece now must not wait until others release
    // theirs.
    private FetchRequest AskNow(RangeFetch fetch, int index) =>
        TryAsk(fetch, index, fetch.RequestPieces)
            ? fetch.Request(index)!
            : Ask(fetch, index, fetch.EndOfRequest(index, Math.Min(_limits.UrgentPieces, fetch.RequestPieces)));

    private FetchRequest Ask(RangeFetch fetch, int from, int end)
    {
        var pieces = new NativeBuffer[end - from];
        for (var i = 0; i < pieces.Length; i++)
            pieces[i] = _pool.Take();
        _held += pieces.Length * (long)_limits.PieceBytes;
        var offset = fetch.OffsetOf(from);
        var request = new FetchRequest(from, pieces, fetch.EndOf(end - 1) - offset);
        for (var index = from; index < end; index++)
            fetch.Request(index) = request;
        var targets = request.Targets();
        for (var index = from; index < end; index++)
        {
            // A gap: it is fetched too, and released on arrival.
            if (!fetch.IsWanted(index))
                request.GiveBack(index, _pool);
        }

        _underWay.Add(request);
        request.End = Task.Run(() => ReadAsync(fetch.Range.File, offset, request, targets));
        return request;
    }

    private async Task ReadAsync(PlannedFile file, long offset, FetchRequest request, Memory<byte>[] targets)
    {
        try
        {
            var arrived = 0;
            var reader = await OpenAsync(file).ConfigureAwait(false);
            await reader.ReadAsync(
                offset,
                targets,
                filled =>
                {
                    for (; arrived < filled; arrived++)
                        _progress.AddBytesRead(targets[arrived].Length);
                    Settle(request.Advance(filled, _gate, _pool));
                },
                _stop.Token).ConfigureAwait(false);
            if (arrived < targets.Length)
                throw new InvalidOperationException("A store has left buffers empty.");
        }
        catch (Exception error)
        {
            // The readers that wait for these pieces get the error. Without any, it does not
            // matter.
            Settle(request.Fail(error, _gate, _pool));
        }
        finally
        {
            lock (_gate)
                _underWay.Remove(request);
        }
    }

    private void Settle(int returned)
    {
        if (returned == 0)
            return;
        lock (_gate)
            _held -= returned * (long)_limits.PieceBytes;
        Pump();
    }

    private void DropPassedOver(int turn)
    {
        while (_untaken.TryPeek(out var oldest) && oldest.Fetch.Turn < turn - MostTurnsLate)
        {
            _untaken.Dequeue();
            foreach (var member in oldest.Members)
            {
                if (_planned.Remove((member.File, member.Offset)))
                    PassOver(oldest.Fetch, oldest.Fetch.IndexOf(member.Offset), oldest.Fetch.IndexOf(member.End - 1) + 1);
            }
        }
    }

    private void PassOver(RangeFetch fetch, int from, int to)
    {
        for (var index = from; index < to; index++)
        {
            if (fetch.Pass(index) && fetch.Request(index) is { } request)
                _held -= request.GiveBack(index, _pool) * (long)_limits.PieceBytes;
        }
    }
}

/// <summary>A reader's part of a fetch.</summary>
/// <param name="Fetch">The fetch.</param>
/// <param name="Range">The part.</param>
internal readonly record struct FetchPart(RangeFetch Fetch, PlannedRange Range);
