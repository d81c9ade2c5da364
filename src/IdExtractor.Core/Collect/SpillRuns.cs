namespace IdExtractor.Core.Collect;

/// <summary>
/// The spill files of one collector. When one level has too many files, they are merged into one
/// file of the next level. So few files are open at a time however much is spilled: every id is
/// written once per level, and the number of levels grows logarithmically. Thread safe.
/// </summary>
/// <param name="tempRoot">Where the folder is created with the first file.</param>
/// <param name="mergeBudget">Bytes that one merge may use.</param>
internal sealed class SpillRuns(string tempRoot, long mergeBudget) : IDisposable
{
    private const int MaxFanIn = 64;

    private readonly Lock _gate = new();
    private readonly List<SpillRun> _runs = [];
    private SpillFolder? _folder;
    private bool _isMerging;
    private bool _isDisposed;
    private long _writtenBytes;

    /// <summary>Buffer size per open file, in bytes.</summary>
    public int BufferBytes { get; } = (int)Math.Clamp(mergeBudget / (MaxFanIn + 1), 1 << 10, 1 << 18);

    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    /// <summary>Writes a source to a file, and merges files when there are too many.</summary>
    public void Add(IIdSource ids)
    {
        Write(ids, level: 0);
        while (TryTakeCrowded() is { } group)
        {
            try
            {
                Merge(group);
            }
            finally
            {
                lock (_gate)
                    _isMerging = false;
            }
        }
    }

    /// <summary>
    /// Merges until the remaining files can be read together, and opens them. No source may be
    /// added afterwards.
    /// </summary>
    public IReadOnlyList<IIdSource> OpenAll()
    {
        while (true)
        {
            _runs.Sort((left, right) => left.Length.CompareTo(right.Length));
            var group = TakeWithinBudget(_runs);
            if (group.Count == _runs.Count)
                return [.. _runs.Select(run => run.Read(BufferBytes))];
            _runs.RemoveRange(0, group.Count);
            Merge(group);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _runs.ForEach(run => run.Dispose());
            _runs.Clear();
            _folder?.Dispose();
            _folder = null;
        }
    }

    private void Write(IIdSource ids, int level)
    {
        SpillFolder folder;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            folder = _folder ??= SpillFolder.Create(tempRoot);
        }

        var run = SpillRun.Write(folder, ids, BufferBytes, level);
        Interlocked.Add(ref _writtenBytes, run.Length);
        lock (_gate)
        {
            _runs.Add(run);
            if (_isDisposed)
                run.Dispose();
        }
    }

    private void Merge(List<SpillRun> group)
    {
        try
        {
            using var merge = new IdMerge([.. group.Select(run => run.Read(BufferBytes))]);
            Write(merge, group.Max(run => run.Level) + 1);
        }
        finally
        {
            group.ForEach(run => run.Dispose());
        }
    }

    /// <summary>
    /// Returns the files of a level that has too many; null when there is none, or when another
    /// thread is already merging.
    /// </summary>
    private List<SpillRun>? TryTakeCrowded()
    {
        lock (_gate)
        {
            if (_isMerging || _isDisposed)
                return null;
            var crowded = _runs.GroupBy(run => run.Level).FirstOrDefault(level => level.Count() >= MaxFanIn);
            if (crowded is null)
                return null;
            var group = TakeWithinBudget([.. crowded]);
            _runs.RemoveAll(group.Contains);
            _isMerging = true;
            return group;
        }
    }

    /// <summary>
    /// Returns the first of these files: as many as may be read together while one is written, but
    /// at least two if there are two.
    /// </summary>
    private List<SpillRun> TakeWithinBudget(List<SpillRun> runs)
    {
        var left = mergeBudget - BufferBytes;
        var group = new List<SpillRun>();
        foreach (var run in runs)
        {
            left -= run.BufferBytes(BufferBytes);
            if (group.Count == MaxFanIn || (left < 0 && group.Count >= 2))
                break;
            group.Add(run);
        }

        return group;
    }
}
