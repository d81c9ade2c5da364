using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Parquet.Pages;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Primitives;
using IdExtractor.Core.Read;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Takes one row group after another through both columns: documents first, then, for those that matched, ids. One thread runs several lanes, so that their decompression can go in lock step.
/// </summary>
internal sealed unsafe class ScanLane(
    MatchedIdSink sink, RowGroupPruner? pruner, RowGroupSplitter? splitter, ChunkReaders readers, RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken) : IDisposable
{
    private enum Phase
    {
        Idle,
        Documents,
        Ids,
    }

    private readonly ObjectChunkSource _source = new(progress, cancellationToken);
    private readonly SideReader _side = new(progress, cancellationToken);
    private readonly KeyChunkScanner _keys = new();
    private readonly IdChunkScanner _ids = new();
    private readonly RowSet _rows = new();
    private Phase _phase;
    private ScanTask _task = null!;
    private KeyMatcher _matcher = null!;
    private IObjectReader? _reader;
    private long _pagesSkipped;

    /// <summary>The row group is done; another may begin.</summary>
    public bool IsIdle => _phase == Phase.Idle;

    /// <summary>What the kernel is wanted for.</summary>
    public SnappyStream* Stream => _phase == Phase.Documents ? _keys.Stream : _ids.Stream;

    /// <summary>Begins a row group, or the first part of it; one that is ruled out is done at once.</summary>
    /// <param name="task">The row group.</param>
    /// <param name="matcher">Tells what a key is.</param>
    /// <returns>Its other parts.</returns>
    public IEnumerable<ScanTask> Begin(ScanTask task, KeyMatcher matcher)
    {
        if (_reader is null || !ReferenceEquals(_task.File, task.File))
        {
            Close();
            _reader = readers.OpenAsync(task.File).AsTask().GetAwaiter().GetResult();
        }

        _task = task;
        _matcher = matcher;
        var documents = task.RowGroup.Chunks[0];
        var pages = default(PageSelection);
        if (pruner is not null)
        {
            _side.Open(_reader);
            if (pruner.IsRuledOut(documents, _side) || (pages = pruner.SelectPages(documents, _side)) is { Count: 0 })
            {
                progress.AddRowGroupSkipped();
                progress.AddScanned(task.RowGroup.RowCount, Math.Min(documents.Statistics?.NullCount ?? 0, task.RowGroup.RowCount));
                return [];
            }
        }

        _pagesSkipped = pages?.SkippedCount ?? 0;
        var parts = splitter is null || pages is not null ? [task] : splitter.Split(task, _reader, cancellationToken);
        _task = parts[0];
        BeginDocuments(maySlide: true, pages);
        return parts.Skip(1);
    }

    /// <summary>Waits for the bytes that keep a lane, which is not idle, from going on.</summary>
    public void WaitForBytes() => _source.WaitUntilReady();

    /// <summary>Goes on until the kernel is wanted (true), or the row group is done or waits for its bytes (false).</summary>
    public bool Advance()
    {
        if (!_source.IsReady)
            return false;
        while (_phase == Phase.Documents)
        {
            switch (_keys.Step())
            {
                case LaneStep.WantsKernel:
                    return true;
                case LaneStep.Restart:
                    _pagesSkipped = 0;
                    BeginDocuments(maySlide: false, pages: null);
                    break;
                default:
                    progress.AddPagesSkipped(_pagesSkipped);
                    progress.AddScanned(_task.RowGroup.RowCount, _keys.NullDocuments);
                    BeginIds();
                    if (!_source.IsReady)
                        return false;
                    break;
            }
        }

        while (_phase == Phase.Ids)
        {
            switch (_ids.Step())
            {
                case LaneStep.WantsKernel:
                    return true;
                case LaneStep.Restart:
                    OpenSource(chunk: 1);
                    _ids.BeginAgain(_source);
                    break;
                default:
                    var (matched, dropped) = sink.TakeCounts();
                    progress.AddMatched(matched, dropped);
                    _phase = Phase.Idle;
                    break;
            }
        }

        return false;
    }

    /// <summary>Leaves a row group that cannot be read now, as if it had not been begun: ids of it that were collected are collected again, which changes nothing.</summary>
    public ScanTask Abandon()
    {
        if (_phase == Phase.Ids)
        {
            sink.TakeCounts();
            progress.AddPagesSkipped(-_pagesSkipped);
            progress.AddScanned(-_task.RowGroup.RowCount, -_keys.NullDocuments);
        }

        _phase = Phase.Idle;
        return _task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _source.Dispose();
        _keys.Dispose();
        _ids.Dispose();
    }

    private void BeginDocuments(bool maySlide, PageSelection? pages)
    {
        _rows.Clear();
        _phase = Phase.Documents;
        _keys.Begin(OpenSource(chunk: 0, isWhole: pages is null), _source, _matcher, _rows, maySlide, pages);
    }

    private void BeginIds()
    {
        _phase = _rows.Count == 0 ? Phase.Idle : Phase.Ids;
        if (_phase != Phase.Ids)
            return;
        var pages = pruner is null ? null : PageIndexReader.SelectPages(_task.RowGroup.Chunks[1], _rows, _side);
        _ids.Begin(OpenSource(chunk: 1, isWhole: pages is null), _source, _rows, sink, pages);
    }

    private ChunkContext OpenSource(int chunk, bool isWhole = true)
    {
        var column = _task.RowGroup.Chunks[chunk];
        var lead = chunk == 1 ? _task.IdsLead : default;
        if (lead.Length > 0)
            _source.Open(_reader!, column.Offset, column.Length, lead.Offset, lead.Length.Value);
        else
            _source.Open(_reader!, column.Offset, column.Length, isWhole);
        return new ChunkContext(_task.File.Name, _task.RowGroup.Index, column, ParquetLimits.Default) { Memory = memory };
    }

    private void Close()
    {
        _reader?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _reader = null;
    }
}
