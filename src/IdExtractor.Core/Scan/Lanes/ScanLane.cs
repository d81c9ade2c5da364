using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Core.Storage;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Takes one row group after another through both columns: first documents, then the ids of those
/// that matched. One thread runs several lanes, so that they can decompress in lock step. A lane
/// without a row group reads the ids of one whose documents another lane scans.
/// </summary>
internal sealed unsafe class ScanLane(
    ScanWorker worker, MatchedIdSink sink, ScanResources resources, LaneReaders readers, CancellationToken cancellationToken) : IDisposable
{
    private enum Phase
    {
        Idle,
        Documents,
        Ids,
    }

    private readonly ObjectChunkSource _source = new(resources.Progress, cancellationToken);
    private readonly SideReader _side = new(resources.Progress, cancellationToken);
    private readonly KeyChunkScanner _keys = new(readers);
    private readonly IdChunkScanner _ids = new(readers);
    private readonly RowSet _rows = new();
    private Phase _phase;
    private ScanTask _task = null!;
    private KeyMatcher _matcher = null!;
    private IObjectReader? _reader;
    private IdsOffer? _offer;
    private bool _isGuest;
    private PageSelection? _pages;
    private long _pagesSkipped;

    private RunProgress Progress => resources.Progress;

    /// <summary>True when the row group is done and another may start.</summary>
    public bool IsIdle => _phase == Phase.Idle;

    /// <summary>The stream that the kernel must process.</summary>
    public PageStream* Stream => _phase == Phase.Documents ? _keys.Stream : _ids.Stream;

    /// <summary>
    /// Starts a row group, or its first part; one that is ruled out is done immediately.
    /// </summary>
    /// <param name="task">The row group.</param>
    /// <param name="matcher">Decides which values are keys.</param>
    /// <returns>Its other parts.</returns>
    public IEnumerable<ScanTask> Begin(ScanTask task, KeyMatcher matcher)
    {
        var reader = Open(task);
        _matcher = matcher;
        var documents = task.Documents;
        var pages = default(PageSelection);
        if (resources.Pruner is { } pruner)
        {
            _side.Open(reader);
            if (pruner.IsRuledOut(documents, _side) || (pages = pruner.SelectPages(documents, _side)) is { Count: 0 })
            {
                Progress.AddRowGroupSkipped();
                Progress.AddScanned(task.RowGroup.RowCount, Math.Min(documents.Statistics?.NullCount ?? 0, task.RowGroup.RowCount));
                return [];
            }
        }

        _pagesSkipped = pages?.SkippedCount ?? 0;
        var parts = resources.Splitter is not { } splitter || pages is not null ? [task] : splitter.Split(task, reader, cancellationToken);
        _task = parts[0];
        if (pages is null && reader.IsNear && IdsOffers.IsWorthwhile(_task.Ids))
            _offer = resources.Offers?.Post(_task, worker);
        BeginDocuments(maySlide: true, pages);
        return parts.Skip(1);
    }

    /// <summary>Starts the ids of a row group whose documents another lane scans.</summary>
    public void BeginIds(IdsOffer offer)
    {
        Open(offer.Task);
        (_offer, _isGuest, _phase, _pagesSkipped) = (offer, true, Phase.Ids, 0);
        _ids.Begin(OpenIds(), _source, offer, sink);
    }

    /// <summary>
    /// Waits for whatever blocks a lane that is not idle: its bytes, or rows that another thread
    /// finds.
    /// </summary>
    public void Wait()
    {
        if (_source.IsReady && _isGuest)
            _offer!.WaitForNews(cancellationToken);
        else
            _source.WaitUntilReady();
    }

    /// <summary>
    /// Continues until the kernel is needed (true), or the row group is done or must wait (false).
    /// </summary>
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
                case LaneStep.Done when _rows.Count > 0 && _pages is not null && !SkippedPages.AreAsIndexed(_pages, _side):
                    goto case LaneStep.Restart;
                default:
                    Progress.AddPagesSkipped(_pagesSkipped);
                    Progress.AddDocumentPages(_keys.TakePagesRead());
                    Progress.AddScanned(_task.RowGroup.RowCount, _keys.NullDocuments);
                    EndDocuments();
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
                    OpenIds();
                    _ids.BeginAgain(_source);
                    break;
                case LaneStep.WantsRows when !_offer!.IsTaken:
                    // The owner has abandoned the row group. The thread that starts it again reads
                    // these ids too.
                    sink.TakeCounts();
                    End();
                    break;
                case LaneStep.WantsRows:
                    return false;
                default:
                    var (matched, dropped) = sink.TakeCounts();
                    Progress.AddMatched(matched, dropped, _task.File.Name);
                    Progress.AddIdPages(_ids.TakePagesRead());
                    End();
                    break;
            }
        }

        return false;
    }

    /// <summary>
    /// Abandons a row group that cannot be read now, as if it had not been started. Ids already
    /// collected are collected again, which changes nothing.
    /// </summary>
    /// <returns>The row group; null when its other lane reads the ids.</returns>
    public ScanTask? Abandon()
    {
        var nulls = _keys.NullDocuments;
        var isLeft = !_isGuest || !_offer!.GiveBack(out nulls);
        if (!_isGuest)
        {
            _offer?.Withdraw();
            CloseOffer();
        }

        if (_phase == Phase.Ids)
            sink.TakeCounts();
        if (_phase == Phase.Ids && isLeft)
        {
            Progress.AddPagesSkipped(-_pagesSkipped);
            Progress.AddScanned(-_task.RowGroup.RowCount, -nulls);
        }

        End();
        return isLeft ? _task : null;
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
        _pages = pages;
        _phase = Phase.Documents;
        _keys.Begin(OpenDocuments(isWhole: pages is null), _source, _matcher, _rows, maySlide, pages, _offer);
    }

    private void EndDocuments()
    {
        var isDrawn = _offer?.Complete(_rows, _keys.NullDocuments) == true;
        CloseOffer();
        _phase = isDrawn || _rows.Count == 0 ? Phase.Idle : Phase.Ids;
        if (_phase != Phase.Ids)
            return;
        var pages = resources.Pruner is null ? null : PageIndexReader.SelectPages(_task.Ids, _rows, _side);
        _ids.Begin(OpenIds(isWhole: pages is null), _source, _rows, sink, pages);
    }

    private void End() => (_phase, _offer, _isGuest) = (Phase.Idle, null, false);

    private void CloseOffer()
    {
        if (_offer is not null)
            resources.Offers!.Remove(_offer);
        _offer = null;
    }

    private IObjectReader Open(ScanTask task)
    {
        if (_reader is null || !ReferenceEquals(_task.File, task.File))
        {
            Close();
            _reader = resources.Readers.OpenAsync(task.File).AsTask().GetAwaiter().GetResult();
        }

        _task = task;
        return _reader;
    }

    private ChunkContext OpenDocuments(bool isWhole)
    {
        _source.Open(_reader!, _task.Documents.Offset, _task.Documents.Length, isWhole);
        return ContextOf(_task.Documents);
    }

    private ChunkContext OpenIds(bool isWhole = true)
    {
        var (ids, lead) = (_task.Ids, _task.IdsLead);
        if (lead.Length > 0)
            _source.Open(_reader!, ids.Offset, ids.Length, lead.Offset, lead.Length.Value);
        else
            _source.Open(_reader!, ids.Offset, ids.Length, isWhole);
        return ContextOf(ids);
    }

    private ChunkContext ContextOf(ColumnChunk chunk) =>
        new(_task.File.Name, _task.RowGroup.Index, chunk, ParquetLimits.Default) { Memory = resources.Memory };

    private void Close()
    {
        _reader?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _reader = null;
    }
}
