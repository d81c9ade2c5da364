using System.Collections.Concurrent;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// One scanning thread: several lanes, each with a row group, and the kernel that decompresses for
/// all of them in lock step.
/// </summary>
internal sealed unsafe class ScanWorker : IDisposable
{
    /// <summary>
    /// Measured: with a fourth lane, windows and filter no longer fit in the second-level cache and
    /// registers run out, which costs more than the latency it hides.
    /// </summary>
    internal const int LockStepLanes = 3;

    /// <summary>
    /// Additional lanes, which wait for their bytes from the network while others work.
    /// </summary>
    private const int WaitingLanes = 9;

    private readonly ScanLane[] _lanes;

    private readonly IdsOffers? _offers;

    public ScanWorker(IdShard shard, NullIdPolicy onNullId, ScanResources resources, int lanes, CancellationToken cancellationToken)
    {
        _offers = resources.Offers;
        _lanes = new ScanLane[lanes];
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[i] = new ScanLane(this, new MatchedIdSink(shard, onNullId), resources, new LaneReaders(), cancellationToken);
    }

    /// <summary>
    /// Number of lanes that a thread can keep busy. It is the same where the kernel does without
    /// lock step, so that a scan takes the same course on every machine.
    /// </summary>
    /// <param name="isRemote">True when reads are slow, so that some lanes wait while others
    /// work.</param>
    public static int UsefulLanes(bool isRemote) => LockStepLanes + (isRemote ? WaitingLanes : 0);

    /// <summary>Takes row groups until there are none, or the run is stopped.</summary>
    /// <param name="tasks">The row groups.</param>
    /// <param name="matcherOf">Returns the matcher for a row group.</param>
    /// <param name="tooLarge">Receives row groups that did not fit in memory together with the
    /// others; null to throw an error instead.</param>
    /// <param name="stop">Stops the work.</param>
    public void Run(ScanQueue tasks, Func<ScanTask, KeyMatcher> matcherOf, ConcurrentQueue<ScanTask>? tooLarge, CancellationToken stop)
    {
        var streams = stackalloc PageStream*[LockStepLanes];
        while (!stop.IsCancellationRequested)
        {
            var wanting = 0;
            ScanLane? waiting = null;
            foreach (var lane in _lanes)
            {
                if (wanting == LockStepLanes)
                    break;
                bool wantsKernel;
                while (!(wantsKernel = Advance(lane, tooLarge)) && lane.IsIdle)
                {
                    if (!TryBegin(lane, tasks, matcherOf))
                        break;
                }

                if (wantsKernel)
                    streams[wanting++] = lane.Stream;
                else if (!lane.IsIdle)
                    waiting ??= lane;
            }

            if (wanting > 0)
                LockStep.Run(streams, wanting);
            else if (waiting is not null)
                waiting.Wait();
            else
                return;
        }
    }

    /// <summary>
    /// Starts a row group or, when there is none, the ids of one whose documents another thread
    /// scans.
    /// </summary>
    private bool TryBegin(ScanLane lane, ScanQueue tasks, Func<ScanTask, KeyMatcher> matcherOf)
    {
        if (!tasks.TryTake(out var task))
        {
            if (_offers?.Take(this) is not { } offer)
                return false;
            lane.BeginIds(offer);
            return true;
        }

        IEnumerable<ScanTask> others = [];
        try
        {
            others = lane.Begin(task, matcherOf(task));
        }
        finally
        {
            tasks.Settle(others);
        }

        return true;
    }

    /// <summary>
    /// Advances a lane. A row group that needs more memory than is left is put aside and read when
    /// nothing else is.
    /// </summary>
    private static bool Advance(ScanLane lane, ConcurrentQueue<ScanTask>? tooLarge)
    {
        try
        {
            return lane.Advance();
        }
        catch (MemoryLimitException) when (tooLarge is not null)
        {
            if (lane.Abandon() is { } task)
                tooLarge.Enqueue(task);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
    }
}
