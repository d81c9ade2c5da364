using System.Collections.Concurrent;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Read;

namespace IdExtractor.Core.Scan;

/// <summary>One scanning thread: some lanes, each with a row group, and the kernel that decompresses for all of them in lock step.</summary>
internal sealed unsafe class ScanWorker : IDisposable
{
    /// <summary>By measurement: with a fourth, windows and filter leave the second-level cache and registers run out, which costs more than the latency it hides.</summary>
    private const int LockStepLanes = 3;

    /// <summary>Lanes beyond those that work, which wait for their ids to come over the network meanwhile.</summary>
    private const int WaitingLanes = 9;

    private readonly int _working = SnappyLockStep.IsSupported ? LockStepLanes : 1;
    private readonly ScanLane[] _lanes;

    public ScanWorker(
        IdShard shard, NullIdPolicy onNullId, RowGroupPruner? pruner, ChunkReaders readers, bool isRemote, RunProgress progress, CancellationToken cancellationToken)
    {
        _lanes = new ScanLane[LanesOf(isRemote)];
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[i] = new ScanLane(new MatchedIdSink(shard, onNullId), pruner, readers, progress, cancellationToken);
    }

    /// <summary>Row groups that one thread has at hand at the same time.</summary>
    public static int LanesOf(bool isRemote) => (SnappyLockStep.IsSupported ? LockStepLanes : 1) + (isRemote ? WaitingLanes : 0);

    /// <summary>Takes row groups until there are none, or the run is stopped.</summary>
    public void Run(ConcurrentQueue<ScanTask> tasks, Func<ScanTask, KeyMatcher> matcherOf, CancellationToken stop)
    {
        var streams = stackalloc SnappyStream*[LockStepLanes];
        while (!stop.IsCancellationRequested)
        {
            var wanting = 0;
            ScanLane? waiting = null;
            foreach (var lane in _lanes)
            {
                if (wanting == _working)
                    break;
                bool wantsKernel;
                while (!(wantsKernel = lane.Advance()) && lane.IsIdle && tasks.TryDequeue(out var task))
                    lane.Begin(task, matcherOf(task));
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

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
    }
}
