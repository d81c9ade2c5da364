using System.Collections.Concurrent;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Primitives;
using IdExtractor.Core.Read;

namespace IdExtractor.Core.Scan;

/// <summary>One scanning thread: some lanes, each with a row group, and the kernel that decompresses for all of them in lock step.</summary>
internal sealed unsafe class ScanWorker : IDisposable
{
    /// <summary>By measurement: with a fourth, windows and filter leave the second-level cache and registers run out, which costs more than the latency it hides.</summary>
    internal const int LockStepLanes = 3;

    /// <summary>Lanes beyond those that work, which wait meanwhile for their bytes to come over the network.</summary>
    private const int WaitingLanes = 9;

    private readonly ScanLane[] _lanes;

    public ScanWorker(
        IdShard shard,
        NullIdPolicy onNullId,
        RowGroupPruner? pruner,
        RowGroupSplitter? splitter,
        ChunkReaders readers,
        RunProgress progress,
        MemoryBudget memory,
        int lanes,
        CancellationToken cancellationToken)
    {
        _lanes = new ScanLane[lanes];
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[i] = new ScanLane(new MatchedIdSink(shard, onNullId), pruner, splitter, readers, progress, memory, cancellationToken);
    }

    /// <summary>Lanes that a thread can keep busy; as many where the kernel does without lock step, so that a scan takes the same course on every machine.</summary>
    /// <param name="isRemote">Reads take their time, so that some lanes wait while others work.</param>
    public static int UsefulLanes(bool isRemote) => LockStepLanes + (isRemote ? WaitingLanes : 0);

    /// <summary>Takes row groups until there are none, or the run is stopped.</summary>
    /// <param name="tasks">The row groups.</param>
    /// <param name="matcherOf">Tells what a key is.</param>
    /// <param name="tooLarge">Receives row groups for which there was no memory beside the others; null when an error is to be raised.</param>
    /// <param name="stop">Ends the work.</param>
    public void Run(ScanQueue tasks, Func<ScanTask, KeyMatcher> matcherOf, ConcurrentQueue<ScanTask>? tooLarge, CancellationToken stop)
    {
        var streams = stackalloc SnappyStream*[LockStepLanes];
        while (!stop.IsCancellationRequested)
        {
            var wanting = 0;
            ScanLane? waiting = null;
            foreach (var lane in _lanes)
            {
                if (wanting == LockStepLanes)
                    break;
                bool wantsKernel;
                while (!(wantsKernel = Advance(lane, tooLarge)) && lane.IsIdle && tasks.TryTake(out var task))
                    Begin(lane, task, tasks, matcherOf);
                if (wantsKernel)
                    streams[wanting++] = lane.Stream;
                else if (!lane.IsIdle)
                    waiting ??= lane;
            }

            if (wanting > 0)
                SnappyLockStep.Run(streams, wanting);
            else if (waiting is not null)
                waiting.WaitForBytes();
            else
                return;
        }
    }

    private static void Begin(ScanLane lane, ScanTask task, ScanQueue tasks, Func<ScanTask, KeyMatcher> matcherOf)
    {
        IEnumerable<ScanTask> others = [];
        try
        {
            others = lane.Begin(task, matcherOf(task));
        }
        finally
        {
            tasks.Settle(others);
        }
    }

    /// <summary>Goes on with a lane; a row group that needs more memory than is left is put aside, to be read when nothing else is.</summary>
    private static bool Advance(ScanLane lane, ConcurrentQueue<ScanTask>? tooLarge)
    {
        try
        {
            return lane.Advance();
        }
        catch (MemoryLimitException) when (tooLarge is not null)
        {
            tooLarge.Enqueue(lane.Abandon());
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
