using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Reads the ids of the given rows of one row group. Pages without such rows are skipped, and
/// reading stops after the last row. Pages of PLAIN byte arrays slide through a window; all others
/// are read whole. Works step by step, so that one thread can run several scanners in lock step.
/// Reusable; not thread safe.
/// </summary>
internal sealed unsafe class IdChunkScanner : IDisposable
{
    private readonly ColumnReader _reader = new();
    private readonly ColumnBatch _batch = new();
    private readonly SlidingValues _sliding = new();
    private ChunkContext _context = null!;
    private IRowSource _rows = null!;
    private MatchedIdSink _sink = null!;
    private bool _maySlide;
    private bool _isSliding;
    private bool _kernelRan;
    private bool _isInKernel;
    private bool _isWhole;
    private long _from;
    private long _next;

    /// <summary>The stream that the kernel must process.</summary>
    public PageStream* Stream => _isInKernel ? _reader.KernelStream : _sliding.Page.Stream;

    /// <summary>Starts a chunk.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="sink">Receives their ids.</param>
    /// <param name="pages">The pages that contain these rows; null to search for them.</param>
    public void Begin(ChunkContext context, ChunkSource source, IRowSource rows, MatchedIdSink sink, PageSelection? pages = null)
    {
        _maySlide = true;
        Resume(context, source, rows, sink, pages);
        Seek(0);
    }

    /// <summary>
    /// Restarts the same chunk after <see cref="LaneStep.Restart"/>, at the row it had reached,
    /// without windows and page index.
    /// </summary>
    public void BeginAgain(ChunkSource source)
    {
        _maySlide = false;
        Resume(_context, source, _rows, _sink, pages: null);
    }

    /// <summary>
    /// Continues until the kernel or more rows are needed, or all ids have been read.
    /// </summary>
    public LaneStep Step()
    {
        while (true)
        {
            if (_next == IRowSource.NotYet)
                Seek(_from);
            if (_next == IRowSource.NotYet)
                return LaneStep.WantsRows;
            if (_next == IRowSource.None)
            {
                CloseWindow();
                return LaneStep.Done;
            }

            if (_isSliding)
            {
                if (_kernelRan)
                    _sliding.Page.Commit();
                _kernelRan = false;
                if (_sliding.Page.IsBeyondWindow)
                    return LaneStep.Restart;
                if (DrawFromWindow())
                    CloseWindow();
                else if (_next != IRowSource.NotYet && _sliding.Page.Prepare())
                {
                    _kernelRan = true;
                    return LaneStep.WantsKernel;
                }

                continue;
            }

            if (_isInKernel)
            {
                if (!_reader.IsKernelDone())
                    return LaneStep.WantsKernel;
                _isInKernel = false;
                _isWhole = true;
                continue;
            }

            if (_isWhole)
            {
                // Batches are read only once, so all rows of the page must be known.
                if (_rows.NextFrom(_reader.PageFirstRow + _reader.PageRows) == IRowSource.NotYet)
                    return LaneStep.WantsRows;
                _isWhole = false;
                DrawFromWholePage();
                continue;
            }

            if (!_reader.NextPage())
            {
                if (_reader.ContradictsIndex)
                    return LaneStep.Restart;
                _context.ThrowCorrupt("The id column ends before the key column");
            }

            if (!IsInPage(_next))
                continue;
            if (_maySlide && _reader.CanSlide)
            {
                _reader.Slide(_sliding);
                _isSliding = true;
            }
            else if (_maySlide && _reader.TryBeginByKernel())
            {
                _isInKernel = true;
            }
            else
            {
                _isWhole = true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _batch.Dispose();
        _sliding.Dispose();
    }

    private void Resume(ChunkContext context, ChunkSource source, IRowSource rows, MatchedIdSink sink, PageSelection? pages)
    {
        _context = context;
        _rows = rows;
        _sink = sink;
        _isSliding = _kernelRan = _isInKernel = _isWhole = false;
        _reader.Open(context, source, pages);
        sink.Open(context.Place(), context.Column);
    }

    private void Seek(long row)
    {
        _from = row;
        _next = _rows.NextFrom(row);
    }

    private void CloseWindow()
    {
        if (!_isSliding)
            return;
        _isSliding = false;
        _sliding.Page.Close();
        _reader.FinishPage();
    }

    private bool IsInPage(long row) => row >= 0 && row < _reader.PageFirstRow + _reader.PageRows;

    /// <summary>
    /// Reads the ids in the window. True when, as far as is known, nothing more is needed from the
    /// page.
    /// </summary>
    private bool DrawFromWindow()
    {
        var page = _sliding.Page;
        if (!_sliding.TryReadLevels())
        {
            if (page.IsComplete)
                _sliding.CheckIncomplete();
            return false;
        }

        while (IsInPage(_next))
        {
            var target = _sliding.Rows.ValueOfRow((int)(_next - _reader.PageFirstRow));
            if (target < 0)
            {
                _sink.AddNull();
            }
            else
            {
                var ahead = target - _sliding.NextValue;
                var skipped = PlainWalk.Skip(page.Unread, page.UnreadLength, ahead, out var bytes);
                _sliding.Consume(skipped, bytes);
                if (skipped < ahead || PlainWalk.SkipEach(page.Unread, page.UnreadLength, 1, out bytes) == 0)
                {
                    _sliding.CheckIncomplete();
                    return false;
                }

                _sink.Add(new ReadOnlySpan<byte>(page.Unread + sizeof(int), bytes - sizeof(int)));
                _sliding.Consume(1, bytes);
            }

            Seek(_next + 1);
        }

        return _next != IRowSource.NotYet;
    }

    private void DrawFromWholePage()
    {
        while (_next >= 0 && _reader.ReadFromPage(_batch))
            DrawFromBatch();
    }

    private void DrawFromBatch()
    {
        var end = _batch.FirstRow + _batch.RowCount;
        var isDense = _batch.ValueCount == _batch.RowCount;
        var validity = _batch.Validity;
        var row = 0;
        var value = 0;
        while (_next >= 0 && _next < end)
        {
            var target = (int)(_next - _batch.FirstRow);
            if (isDense)
            {
                _sink.Add(_batch.Value(target));
            }
            else
            {
                value += LevelCounter.CountSet(validity[row..target]);
                row = target;
                if (validity[target] == 0)
                    _sink.AddNull();
                else
                    _sink.Add(_batch.Value(value));
            }

            Seek(_next + 1);
        }
    }
}
