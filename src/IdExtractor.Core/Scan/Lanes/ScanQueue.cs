using System.Diagnostics.CodeAnalysis;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// The row groups still to be scanned. A thread that takes one may put parts of it back, so the
/// queue is finished only when it is empty and every row group taken has been settled. Thread safe.
/// </summary>
internal sealed class ScanQueue(IEnumerable<ScanTask> tasks)
{
    private readonly Queue<ScanTask> _tasks = new(tasks);
    private readonly object _gate = new();
    private int _unsettled;

    /// <summary>
    /// Takes the next row group; <see cref="Settle"/> must follow. Waits while other threads may
    /// put parts back.
    /// </summary>
    /// <returns>False at the end.</returns>
    public bool TryTake([NotNullWhen(true)] out ScanTask? task)
    {
        lock (_gate)
        {
            while (!_tasks.TryDequeue(out task))
            {
                if (_unsettled == 0)
                    return false;
                Monitor.Wait(_gate);
            }

            _unsettled++;
            return true;
        }
    }

    /// <summary>
    /// Puts back the parts of a taken row group that its thread does not scan immediately.
    /// </summary>
    public void Settle(IEnumerable<ScanTask> parts)
    {
        lock (_gate)
        {
            foreach (var part in parts)
                _tasks.Enqueue(part);
            _unsettled--;
            Monitor.PulseAll(_gate);
        }
    }
}
