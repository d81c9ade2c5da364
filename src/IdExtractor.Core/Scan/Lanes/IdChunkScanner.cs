using IdExtractor.Core.Job;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Reads the ids of the given rows of one row group. Pages without such rows are skipped, and
/// reading stops after the last row. PLAIN pages and positions in a dictionary slide through a
/// window; all other pages are read whole. Works step by step, so that one thread can run several
/// scanners in lock step. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class IdChunkScanner : IDisposable
{
    private readonly LaneReaders _readers;
    private readonly ChunkCursor _cursor;
    private readonly ColumnBatch _batch;
    private readonly DictionaryIds _dictionary = new();
    private ChunkContext _context = null!;
    private IRowSource _rows = null!;
    private MatchedIdSink _sink = null!;
    private PagesRead _pagesRead;
    private long _from;
    private long _next;

    /// <summary>What the cursor has come to and could not be done yet; null to step on.</summary>
    private CursorStep? _due;

    /// <param name="readers">Used by one scanner at a time; disposed of with any of them. Its own
    /// when there are none.</param>
    public IdChunkScanner(LaneReaders? readers = null)
    {
        _readers = readers ?? new LaneReaders();
        (_cursor, _batch) = (_readers.Cursor, _readers.Batch);
    }

    /// <summary>The stream that the kernel must process.</summary>
    public PageStream* Stream => _cursor.Stream;

    /// <summary>Starts a chunk.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="sink">Receives their ids.</param>
    /// <param name="pages">The pages that contain these rows; null to search for them.</param>
    /// <param name="maySlide">False to read every page whole, as the reference implementation
    /// does.</param>
    public void Begin(
        ChunkContext context, ChunkSource source, IRowSource rows, MatchedIdSink sink, PageSelection? pages = null, bool maySlide = true)
    {
        Resume(context, source, rows, sink, pages, maySlide);
        Seek(0);
    }

    /// <summary>
    /// Restarts the same chunk after <see cref="LaneStep.Restart"/>, at the row it had reached,
    /// without windows and page index.
    /// </summary>
    public void BeginAgain(ChunkSource source)
    {
        Resume(_context, source, _rows, _sink, pages: null, maySlide: false);
    }

    /// <summary>
    /// Returns the pages read since the last call, by the way in which they were read.
    /// </summary>
    public PagesRead TakePagesRead()
    {
        var pages = _pagesRead;
        _pagesRead = default;
        return pages;
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
                _cursor.LeavePage();
                return LaneStep.Done;
            }

            switch (_due ??= _cursor.Step())
            {
                case CursorStep.WantsKernel:
                    _due = null;
                    return LaneStep.WantsKernel;
                case CursorStep.Restart:
                    _due = null;
                    return LaneStep.Restart;
                case CursorStep.End:
                    _context.ThrowCorrupt("The id column ends before the key column");
                    break;
                case CursorStep.Dictionary:
                    _due = null;
                    _pagesRead.Add(_cursor.KeepDictionary());
                    break;
                case CursorStep.Page:
                    _due = null;
                    if (IsInPage(_next))
                        BeginPage();
                    break;
                case CursorStep.Window:
                    var isRead = ReadFromWindow();
                    if (isRead)
                        _cursor.LeavePage();

                    // The same window again once more rows are known.
                    if (isRead || _next != IRowSource.NotYet)
                        _due = null;
                    break;
                default:
                    // Batches are read only once, so all rows of the page must be known.
                    if (_rows.NextFrom(_cursor.EndRow) == IRowSource.NotYet)
                        return LaneStep.WantsRows;
                    _due = null;
                    ReadFromWholePage();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    private void Resume(ChunkContext context, ChunkSource source, IRowSource rows, MatchedIdSink sink, PageSelection? pages, bool maySlide)
    {
        _context = context;
        _rows = rows;
        _sink = sink;
        _due = null;
        _dictionary.Clear();
        _cursor.Open(context, source, pages, maySlide);
        sink.Open(context.Place(), context.Column);
    }

    private void Seek(long row)
    {
        _from = row;
        _next = _rows.NextFrom(row);
    }

    private bool IsInPage(long row) => row >= 0 && row < _cursor.EndRow;

    private void BeginPage()
    {
        _pagesRead.Add(_cursor.OpenPage());
        if (_cursor.HasIndices)
            _dictionary.Begin(_cursor.EntryCount);
    }

    /// <summary>
    /// Reads the ids in the window. True when, as far as is known, nothing more is needed from the
    /// page.
    /// </summary>
    private bool ReadFromWindow()
    {
        var values = _cursor.Values;
        if (!values.TryReadLevels())
        {
            if (values.Page.IsComplete)
                values.CheckIncomplete();
            return false;
        }

        while (IsInPage(_next))
        {
            var target = values.Rows.ValueOfRow((int)(_next - _cursor.FirstRow));
            if (target < 0)
                _sink.AddNull();
            else if (!TryAdd(target))
                return false;
            Seek(_next + 1);
        }

        return _next != IRowSource.NotYet;
    }

    /// <summary>Adds a value of the page; false when more of the page is needed first.</summary>
    private bool TryAdd(int target)
    {
        if (!_cursor.HasIndices)
        {
            if (!_cursor.Values.TryReadValue(target, out var value))
                return false;
            _sink.Add(value);
            return true;
        }

        if (!_cursor.Indices.TryReadAt(target, _cursor.EntryCount, out var entry))
            return false;
        _dictionary.Add(entry, _cursor.Entry(entry), _sink);
        return true;
    }

    private void ReadFromWholePage()
    {
        while (_next >= 0 && _cursor.Read(_batch))
            ReadFromBatch();
    }

    private void ReadFromBatch()
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
