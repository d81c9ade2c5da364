using System.Diagnostics;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Goes through one column chunk, the fast ways first: pages slide through a window, or are
/// decompressed by the kernel that the owner runs for several cursors in lock step; all others are
/// read whole. Stops wherever its owner has something to decide or to read
/// (<see cref="CursorStep"/>). Reusable; not thread safe. Reference implementation:
/// <see cref="ColumnReader"/>.
/// </summary>
internal sealed unsafe class ChunkCursor : IDisposable
{
    private enum State
    {
        /// <summary>The next page has not been reached.</summary>
        BetweenPages,

        /// <summary>The entries of the dictionary slide through the window.</summary>
        Entries,

        /// <summary>The kernel decompresses the dictionary.</summary>
        DictionaryKernel,

        /// <summary>Values, or positions in the dictionary, slide through the window.</summary>
        Rows,

        /// <summary>The kernel decompresses the page.</summary>
        PageKernel,

        /// <summary>The page can be read in batches.</summary>
        Batches,
    }

    private readonly PageReader _pages = new();
    private readonly PageDecoder _decoder = new();
    private readonly DictionaryPage _dictionary = new();
    private ChunkContext _context = null!;
    private State _state;
    private bool _maySlide;
    private bool _hasKernelRun;
    private bool _isWindowSeen;
    private bool _isPageOpen;

    /// <summary>Creates a cursor without a chunk.</summary>
    public ChunkCursor() => Indices = new SlidingIndices(Values);

    /// <summary>The window, after <see cref="CursorStep.Window"/>.</summary>
    public SlidingValues Values { get; } = new();

    /// <summary>The positions in the window when <see cref="HasIndices"/>.</summary>
    public SlidingIndices Indices { get; }

    /// <summary>The window holds positions in the dictionary, not PLAIN values.</summary>
    public bool HasIndices { get; private set; }

    /// <summary>The window holds the entries of the dictionary, not values of rows.</summary>
    public bool IsInDictionary => _state == State.Entries;

    /// <summary>
    /// The stream that the kernel must process, after <see cref="CursorStep.WantsKernel"/>.
    /// </summary>
    public PageStream* Stream => _state switch
    {
        State.DictionaryKernel => _dictionary.Stream,
        State.PageKernel => _decoder.Stream,
        _ => Values.Page.Stream,
    };

    /// <summary>Rows of the chunk before the current page.</summary>
    public long FirstRow => _pages.FirstRow;

    /// <summary>Rows of the current page; entries when it is the dictionary.</summary>
    public int Rows => _pages.Header.ValueCount;

    /// <summary>The first row after the current page.</summary>
    public long EndRow => FirstRow + Rows;

    /// <summary>The current page holds positions in the dictionary.</summary>
    public bool IsIndexPage => _pages.Header.Encoding is ParquetEncoding.RleDictionary or ParquetEncoding.PlainDictionary;

    /// <summary>
    /// The dictionary of the chunk, from the first page after it on; null when there is none. Its
    /// entries are not available when they slid through the window.
    /// </summary>
    public ValueView? Dictionary => _dictionary.IsPresent ? _dictionary.Values : null;

    /// <summary>Number of entries in the dictionary; 0 when there is none.</summary>
    public int EntryCount => _dictionary.IsPresent ? _dictionary.Values.Count : 0;

    /// <summary>One entry of the dictionary, by its position; not checked.</summary>
    public ReadOnlySpan<byte> Entry(int position) => _dictionary.Values[position];

    /// <summary>Opens a chunk. The caller remains responsible for disposing the source.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="selection">The data pages to read; null for all.</param>
    /// <param name="maySlide">False to read every page whole, as the reference implementation
    /// does.</param>
    /// <exception cref="UnsupportedFileException">The column is nested, repeated, or of an
    /// unsupported type.</exception>
    public void Open(ChunkContext context, ChunkSource source, PageSelection? selection, bool maySlide)
    {
        ColumnSupport.Check(context);
        _context = context;
        _maySlide = maySlide;
        _state = State.BetweenPages;
        _hasKernelRun = _isWindowSeen = false;
        _dictionary.Clear();
        _decoder.Clear();
        _decoder.Trim();
        _pages.Open(context, source, selection);
    }

    /// <summary>Continues until the owner has something to do.</summary>
    /// <exception cref="CorruptFileException">The chunk is malformed.</exception>
    /// <exception cref="UnsupportedFileException">The chunk uses an unsupported codec or
    /// encoding.</exception>
    public CursorStep Step()
    {
        while (true)
        {
            switch (_state)
            {
                case State.Entries or State.Rows:
                    if (_isWindowSeen)
                    {
                        _isWindowSeen = false;
                        if (Values.Page.IsComplete && Values.ValuesLeft == 0)
                        {
                            CloseWindow();
                            break;
                        }

                        if (Values.Page.Prepare())
                        {
                            _hasKernelRun = true;
                            return CursorStep.WantsKernel;
                        }
                    }

                    if (_hasKernelRun)
                        Values.Page.Commit();
                    _hasKernelRun = false;
                    if (Values.Page.IsBeyondWindow)
                        return CursorStep.Restart;
                    _isWindowSeen = true;
                    return CursorStep.Window;
                case State.DictionaryKernel:
                    if (!_dictionary.IsDecompressed())
                        return CursorStep.WantsKernel;
                    _dictionary.Finish(_context, _pages);
                    _state = State.BetweenPages;
                    break;
                case State.PageKernel:
                    if (!_decoder.IsDecompressed())
                        return CursorStep.WantsKernel;
                    _state = State.Batches;
                    break;
                case State.Batches:
                    _state = State.BetweenPages;
                    return CursorStep.Batches;
                default:
                    _decoder.Clear();
                    _isPageOpen = false;
                    if (!_pages.MoveNext())
                        return _pages.ContradictsIndex ? CursorStep.Restart : CursorStep.End;
                    if (_pages.Header.Type != PageType.Dictionary)
                        return CursorStep.Page;
                    if (_maySlide && SlidingValues.CanRead(_context, _pages.Header))
                        return CursorStep.Dictionary;
                    _dictionary.Read(_context, _pages);
                    break;
            }
        }
    }

    /// <summary>
    /// After <see cref="CursorStep.Dictionary"/>: reads the entries through the window. They are
    /// not kept; positions are checked against their number.
    /// </summary>
    public PageWay SlideDictionary()
    {
        _dictionary.Check(_context, _pages);
        return OpenWindow(State.Entries, hasIndices: false);
    }

    /// <summary>
    /// After <see cref="CursorStep.Dictionary"/>: decompresses it whole, by the kernel where that
    /// can, and keeps the entries.
    /// </summary>
    public PageWay KeepDictionary()
    {
        if (_dictionary.TryBegin(_context, _pages))
        {
            _state = State.DictionaryKernel;
            return PageWay.LockStep;
        }

        _dictionary.Read(_context, _pages);
        return PageWay.Whole;
    }

    /// <summary>
    /// After <see cref="CursorStep.Page"/>: reads the page. A page that is not opened is skipped by
    /// the next step.
    /// </summary>
    public PageWay OpenPage()
    {
        HasIndices = false;
        if (_maySlide && SlidingValues.CanRead(_context, _pages.Header))
        {
            if (IsIndexPage && _dictionary.IsPresent)
            {
                Indices.Open();
                return OpenWindow(State.Rows, hasIndices: true);
            }

            if (_pages.Header.Encoding == ParquetEncoding.Plain)
                return OpenWindow(State.Rows, hasIndices: false);
        }

        var isByKernel = _maySlide && _decoder.TryBegin(_context, _pages);
        _state = isByKernel ? State.PageKernel : State.Batches;
        return isByKernel ? PageWay.LockStep : PageWay.Whole;
    }

    /// <summary>
    /// Leaves the window before the end of its page, after reading what is needed to check a CRC.
    /// Does nothing when no window is open.
    /// </summary>
    public void LeavePage()
    {
        if (_state is not (State.Entries or State.Rows))
            return;
        CloseWindow();
        _pages.FinishBody();
    }

    /// <summary>
    /// After <see cref="CursorStep.Batches"/>: reads the next rows of the page, up to
    /// <see cref="ColumnBatch.MaxRows"/>.
    /// </summary>
    /// <returns>False when the page has no more rows.</returns>
    public bool Read(ColumnBatch batch)
    {
        if (!_isPageOpen)
        {
            _isPageOpen = true;
            _decoder.Open(_context, _pages);
        }

        if (_decoder.RowsLeft == 0)
            return false;
        _decoder.Read(batch, _dictionary, ColumnBatch.MaxRows);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages.Dispose();
        _decoder.Dispose();
        _dictionary.Dispose();
        Values.Dispose();
    }

    private PageWay OpenWindow(State state, bool hasIndices)
    {
        Debug.Assert(_state == State.BetweenPages, "One page is open at a time.");
        Values.Open(_context, _pages);
        (_state, HasIndices, _isWindowSeen) = (state, hasIndices, false);
        return PageWay.Window;
    }

    private void CloseWindow()
    {
        Values.Page.Close();
        if (_state == State.Entries)
            _dictionary.Pass(_pages.Header.ValueCount);
        (_state, _isWindowSeen) = (State.BetweenPages, false);
    }
}
