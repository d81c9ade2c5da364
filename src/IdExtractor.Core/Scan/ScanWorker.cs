using IdExtractor.Core.Collect;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Scan;

/// <summary>One scanning thread: some lanes, each with a row group, and the kernel that decompresses for all of them in lock step.</summary>
internal sealed unsafe class ScanWorker : IDisposable
{
    /// <summary>By measurement: with a fourth, windows and filter leave the second-level cache and registers run out, which costs more than the latency it hides.</summary>
    public const int LockStepLanes = 3;

    private readonly ScanLane[] _lanes;

    public ScanWorker(IdShard shard, NullIdPolicy onNullId, RowGroupPruner? pruner, RowGroupSplitter? splitter, RunProgress progress, CancellationToken cancellationToken)
    {
        _lanes = new ScanLane[SnappyLockStep.IsSupported ? LockStepLanes : 1];
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[i] = new ScanLane(new MatchedIdSink(shard, onNullId), pruner, splitter, progress, cancellationToken);
    }

    /// <summary>Takes row groups until there are none, or the run is stopped.</summary>
    public void Run(ScanQueue tasks, Func<ScanTask, KeyMatcher> matcherOf, CancellationToken stop)
    {
        var streams = stackalloc SnappyStream*[LockStepLanes];
        while (!stop.IsCancellationRequested)
        {
            var waiting = 0;
            foreach (var lane in _lanes)
            {
                while (!lane.Advance() && tasks.TryTake(out var task))
                    Begin(lane, task, tasks, matcherOf);
                if (!lane.IsIdle)
                    streams[waiting++] = lane.Stream;
            }

            if (waiting == 0)
                return;
            SnappyLockStep.Run(streams, waiting);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
    }
}
