using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Reads one chunk after another, one whole page at a time, in batches. Supports every type,
/// encoding and codec of the specification, section 4, with all checks enabled. This is the
/// reference implementation; tests compare the faster readers with it. Not thread safe; reusable.
/// </summary>
public sealed unsafe class ColumnReader : IDisposable
{
    private readonly PageReader _pages = new();
    private readonly PageDecoder _decoder = new();
    private readonly DictionaryPage _dictionary = new();
    private ChunkContext? _context;
    private bool _hasPage;
    private bool _isPageOpen;

    private ChunkContext Context => _context ?? throw new InvalidOperationException("No chunk is open.");

    /// <summary>Opens a chunk. The caller remains responsible for disposing the source.</summary>
    /// <exception cref="UnsupportedFileException">The column is nested, repeated, or of an
    /// unsupported type.</exception>
    public void Open(ChunkContext context, ChunkSource source) => Open(context, source, selection: null);

    /// <summary>
    /// Opens a chunk to read only selected pages. If <see cref="ContradictsIndex"/> becomes true,
    /// the chunk must be opened again, without a selection.
    /// </summary>
    internal void Open(ChunkContext context, ChunkSource source, PageSelection? selection)
    {
        ColumnSupport.Check(context);
        _context = context;
        _dictionary.Clear();
        _decoder.Clear();
        _decoder.Trim();
        _hasPage = false;
        _pages.Open(context, source, selection);
    }

    /// <summary>
    /// Moves to the next data page and skips the rest of the current one. Reads a dictionary on the
    /// way. Does not decompress the data page yet.
    /// </summary>
    /// <returns>False after the last page of the chunk.</returns>
    public bool NextPage() => NextPage(stopAtDictionary: false);

    /// <summary>
    /// Like <see cref="NextPage()"/>, but may stop at a dictionary that can be read through a
    /// window. The caller must call <see cref="PassDictionary"/> after reading it.
    /// </summary>
    internal bool NextPage(bool stopAtDictionary)
    {
        var context = Context;
        _decoder.Clear();
        _isPageOpen = false;
        while (_pages.MoveNext())
        {
            if (_pages.Header.Type != PageType.Dictionary)
                return true;
            if (stopAtDictionary && SlidingValues.CanRead(context, _pages.Header))
            {
                _dictionary.Check(context, _pages);
                return true;
            }

            _dictionary.Read(context, _pages);
        }

        return false;
    }

    /// <summary>True when the current page is the dictionary.</summary>
    internal bool IsAtDictionary => _pages.Header.Type == PageType.Dictionary;

    /// <summary>
    /// Records a dictionary that was read through a window. From here on positions are checked
    /// against its size; its entries are not available.
    /// </summary>
    internal void PassDictionary() => _dictionary.Pass(_pages.Header.ValueCount);

    /// <summary>Rows of the chunk before the current page.</summary>
    public long PageFirstRow => _pages.FirstRow;

    /// <summary>Rows of the current page.</summary>
    public int PageRows => _pages.Header.ValueCount;

    /// <summary>
    /// True when <see cref="NextPage()"/> failed because the index used to select pages is wrong.
    /// </summary>
    internal bool ContradictsIndex => _pages.ContradictsIndex;

    /// <summary>True when the current page holds positions in the dictionary.</summary>
    public bool IsDictionaryPage => _pages.Header.Encoding is ParquetEncoding.RleDictionary or ParquetEncoding.PlainDictionary;

    /// <summary>
    /// The dictionary of the chunk, available from the first page after it. Null when the chunk has
    /// none.
    /// </summary>
    public ValueView? Dictionary => _dictionary.IsPresent ? _dictionary.Values : null;

    /// <summary>Number of entries in the chunk's dictionary; 0 when there is none.</summary>
    internal int DictionaryCount => _dictionary.IsPresent ? _dictionary.Values.Count : 0;

    /// <summary>
    /// True when the current page holds PLAIN byte arrays and can be read through a window instead
    /// of whole.
    /// </summary>
    internal bool CanSlide => _pages.Header.Encoding == ParquetEncoding.Plain && SlidingValues.CanRead(Context, _pages.Header);

    /// <summary>
    /// True when the current page holds positions in a dictionary of byte arrays that has already
    /// been read, and can be read through a window instead of whole.
    /// </summary>
    internal bool CanSlideIndices => IsDictionaryPage && _dictionary.IsPresent && SlidingValues.CanRead(Context, _pages.Header);

    /// <summary>Starts reading the current page through a window.</summary>
    internal void Slide(SlidingValues values) => values.Open(Context, _pages);

    /// <summary>
    /// Starts decompressing the whole current page with the kernel, which the owner runs on
    /// <see cref="KernelStream"/>. False when the kernel cannot process the page; the first
    /// <see cref="ReadFromPage"/> then decompresses it.
    /// </summary>
    internal bool TryBeginByKernel() => _decoder.TryBegin(Context, _pages);

    /// <summary>
    /// The stream for the kernel to run on, after <see cref="TryBeginByKernel"/>.
    /// </summary>
    internal PageStream* KernelStream => _decoder.Stream;

    /// <summary>
    /// Whether the kernel has finished the page, so that it can be read. Throws when the kernel
    /// found an error.
    /// </summary>
    internal bool IsKernelDone() => _decoder.IsDecompressed();

    /// <summary>
    /// Reads the rest of a partly read page when that is needed to check its CRC.
    /// </summary>
    internal void FinishPage() => _pages.FinishBody();

    /// <summary>
    /// Reads the next rows of the current page, up to <see cref="ColumnBatch.MaxRows"/>. The first
    /// call decompresses the page.
    /// </summary>
    /// <returns>False when the page has no more rows.</returns>
    /// <exception cref="CorruptFileException">The chunk is malformed.</exception>
    /// <exception cref="UnsupportedFileException">The chunk uses an unsupported codec or
    /// encoding.</exception>
    public bool ReadFromPage(ColumnBatch batch)
    {
        if (!_isPageOpen)
        {
            _isPageOpen = true;
            _decoder.Open(Context, _pages);
        }

        if (_decoder.RowsLeft == 0)
            return false;
        _decoder.Read(batch, _dictionary, ColumnBatch.MaxRows);
        return true;
    }

    /// <summary>
    /// Reads the next rows of the chunk, up to <see cref="ColumnBatch.MaxRows"/>, moving from page
    /// to page.
    /// </summary>
    /// <returns>False when there are no more rows.</returns>
    public bool Read(ColumnBatch batch)
    {
        while (!_hasPage || !ReadFromPage(batch))
        {
            _hasPage = NextPage();
            if (!_hasPage)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages.Dispose();
        _decoder.Dispose();
        _dictionary.Dispose();
    }
}
