using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Step 4: scans the row groups of Table B on dedicated threads, documents first and ids only for
/// matches. The first error stops every thread and is thrown.
/// </summary>
public sealed class TableScan(TablePlan plan, KeySet keys, IdCollector collector, RunProgress progress, ScanOptions options)
{
    /// <summary>
    /// Local row groups come largest first, so that little is left at the end. Remote ones keep the
    /// order of their files, so that nearby ranges can be fetched together.
    /// </summary>
    private readonly ScanTask[] _tasks =
    [
        .. from task in TasksOf(plan)
           orderby ChunkReaders.IsRemote(task.File) ? 0 : task.Documents.Length descending
           select task,
    ];

    private readonly ConcurrentQueue<ScanTask> _tooLarge = [];

    private readonly RowGroupPruner? _pruner = options.Prune ? new(keys) : null;

    private readonly ConcurrentDictionary<(PhysicalType, LogicalType), Lazy<KeyMatcher>> _matchers = new();

    /// <summary>
    /// The requests of a scan of remote files in which every row group is read and has a match, so
    /// that its ids are read to the last one.
    /// </summary>
    internal static RequestCount CountRequests(TablePlan plan) =>
        TasksOf(plan).Aggregate(
            RequestCount.OfPlan(TasksOf(plan).Select(DocumentsOf)),
            (sum, task) => sum + RequestCount.OfOne(new PlannedRange(task.File, task.Ids.Offset, task.Ids.Length)));

    /// <summary>Runs the scan to the end.</summary>
    /// <exception cref="IdExtractorException">A file is damaged or cannot be read, or a matched row
    /// has no publishable id.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        progress.SetTotals(plan.RowCount, _tasks.Sum(task => task.Documents.Length));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var failures = new ConcurrentQueue<Exception>();
        var bytes = _tasks.Sum(task => task.RowGroup.Chunks.Sum(chunk => chunk.Length));
        var threads = (int)Math.Clamp(_tasks.Length + (bytes / RowGroupSplitter.LeastPartBytes), 1, options.Threads);
        var lanes = ScanMemory.LanesFor(options.PageMemory, threads, ScanWorker.UsefulLanes(plan.Files.Any(ChunkReaders.IsRemote)));
        var concurrency = threads * Math.Min(lanes, ScanWorker.LockStepLanes);
        using var readers = new ChunkReaders(Documents(), threads * lanes, concurrency, progress, stop.Token, Hints());
        var splitter = options.Split ? RowGroupSplitter.For(bytes, threads * lanes) : null;
        var offers = options.Share ? new IdsOffers(threads) : null;
        var resources = new ScanResources(
            _pruner, splitter, offers, readers, progress, ScanMemory.BudgetFor(options.PageMemory, threads * lanes));
        var shards = Enumerable.Range(0, threads).Select(_ => collector.CreateShard()).ToArray();
        var tasks = new ScanQueue(_tasks);
        var workers = shards.Select(shard => StartThread(() => Work(shard, resources, tasks, _tooLarge, lanes, failures, stop))).ToArray();
        await Task.WhenAll(workers).ConfigureAwait(false);
        resources.Memory.ReleaseIdle();
        if (!_tooLarge.IsEmpty && failures.IsEmpty)
        {
            // Read one row group at a time, with all the memory for pages.
            var alone = resources with { Splitter = null, Offers = null, Memory = ScanMemory.BudgetFor(options.PageMemory, lanes: 1) };
            await StartThread(
                () => Work(shards[0], alone, new ScanQueue(_tooLarge), tooLarge: null, lanes: 1, failures, stop)).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (failures.TryDequeue(out var first))
            ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>
    /// The documents that are certain to be read, in the order in which lanes take them. The ids to
    /// read depend on them, and what may be ruled out is not fetched ahead.
    /// </summary>
    private IEnumerable<PlannedRange> Documents() =>
        from task in _tasks
        where _pruner?.MayLeaveOut(task.Documents) != true
        select DocumentsOf(task);

    /// <summary>
    /// The page indexes and bloom filters that row groups will be checked against.
    /// </summary>
    private IEnumerable<PlannedRange> Hints() =>
        from pruner in _pruner is { } some ? [some] : Array.Empty<RowGroupPruner>()
        from task in _tasks
        where ChunkReaders.IsRemote(task.File)
        from hint in pruner.HintsOf(task.RowGroup)
        let length = Math.Min(hint.Length ?? 0, task.File.Object.Size - hint.Offset)
        where length > 0
        select new PlannedRange(task.File, hint.Offset, length);

    /// <summary>
    /// Files of one partition nearly always have the same column type, so they share one matcher.
    /// It is made once, while other threads wait: it takes long where there are many keys.
    /// </summary>
    private KeyMatcher MatcherFor(ColumnDescriptor column) =>
        _matchers.GetOrAdd((column.Physical, column.Logical), _ => new Lazy<KeyMatcher>(() => KeyMatcher.For(column, keys))).Value;

    private static IEnumerable<ScanTask> TasksOf(TablePlan plan) =>
        plan.Files.SelectMany(file => file.RowGroups, (file, rowGroup) => new ScanTask(file, rowGroup));

    private static PlannedRange DocumentsOf(ScanTask task) => new(task.File, task.Documents.Offset, task.Documents.Length);

    private static Task StartThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Work(
        IdShard shard,
        ScanResources resources,
        ScanQueue tasks,
        ConcurrentQueue<ScanTask>? tooLarge,
        int lanes,
        ConcurrentQueue<Exception> failures,
        CancellationTokenSource stop)
    {
        try
        {
            using var worker = new ScanWorker(shard, options.OnNullId, resources, lanes, stop.Token);
            worker.Run(tasks, task => MatcherFor(task.File.KeyColumn), tooLarge, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Another thread failed, or the run was cancelled. The waiting caller throws either
            // error.
        }
        catch (Exception e)
        {
            failures.Enqueue(e);
            stop.Cancel();
        }
        finally
        {
            ZstdBlocks.ReleaseSpare();
        }
    }
}

/// <summary>One row group of one file, or a part of one.</summary>
internal sealed record ScanTask(PlannedFile File, RowGroup RowGroup)
{
    /// <summary>The chunk of documents.</summary>
    public ColumnChunk Documents => RowGroup.KeyChunk;

    /// <summary>The chunk of ids.</summary>
    public ColumnChunk Ids => RowGroup.IdChunk;

    /// <summary>True when other parts of the row group are separate tasks.</summary>
    public bool IsPart { get; init; }

    /// <summary>
    /// Where the first bytes of the id chunk are when the chunk is not contiguous: each part needs
    /// the dictionary of the whole chunk.
    /// </summary>
    public FileRange IdsLead { get; init; }
}
