using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Reads one chunk after another, page by whole page, in batches: every type, encoding and codec of spec section 4, every check on. This is the plain way to read a column;
/// faster ways are held against it by tests. Not thread safe; reusable.
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

    /// <summary>Begins a chunk. The source stays the caller's to dispose.</summary>
    /// <exception cref="UnsupportedFileException">The column is nested, repeated, or of a type that is not read.</exception>
    public void Open(ChunkContext context, ChunkSource source) => Open(context, source, selection: null);

    /// <summary>Begins a chunk of which only some pages are wanted. After <see cref="ContradictsIndex"/> it has to be opened again, without a selection.</summary>
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
    /// Goes to the next data page, passing over what is left of the one at hand; a dictionary on the way is read. Nothing of the page is decompressed yet.
    /// </summary>
    /// <returns>False after the last page of the chunk.</returns>
    public bool NextPage() => NextPage(stopAtDictionary: false);

    /// <summary>As <see cref="NextPage()"/>; may stop at a dictionary that can be read through a window. <see cref="PassDictionary"/> then has to follow.</summary>
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

    /// <summary>The page at hand is the dictionary.</summary>
    internal bool IsAtDictionary => _pages.Header.Type == PageType.Dictionary;

    /// <summary>Ends a dictionary that went by in a window: positions are held against its size from now on, its entries are not there.</summary>
    internal void PassDictionary() => _dictionary.Pass(_pages.Header.ValueCount);

    /// <summary>Rows of the chunk before the page at hand.</summary>
    public long PageFirstRow => _pages.FirstRow;

    /// <summary>Rows of the page at hand.</summary>
    public int PageRows => _pages.Header.ValueCount;

    /// <summary>There was no next page because the index by which pages were selected is wrong.</summary>
    internal bool ContradictsIndex => _pages.ContradictsIndex;

    /// <summary>The page at hand holds positions in the dictionary.</summary>
    public bool IsDictionaryPage => _pages.Header.Encoding is ParquetEncoding.RleDictionary or ParquetEncoding.PlainDictionary;

    /// <summary>The dictionary of the chunk, once a page that follows it is at hand; null when the chunk has none.</summary>
    public ValueView? Dictionary => _dictionary.IsPresent ? _dictionary.Values : null;

    /// <summary>Entries of the dictionary of the chunk; 0 when there is none.</summary>
    internal int DictionaryCount => _dictionary.IsPresent ? _dictionary.Values.Count : 0;

    /// <summary>The page at hand holds PLAIN byte arrays and can be read through a window instead of whole.</summary>
    internal bool CanSlide => _pages.Header.Encoding == ParquetEncoding.Plain && SlidingValues.CanRead(Context, _pages.Header);

    /// <summary>The page at hand holds positions in the dictionary of byte arrays, which has been read, and can be read through a window instead of whole.</summary>
    internal bool CanSlideIndices => IsDictionaryPage && _dictionary.IsPresent && SlidingValues.CanRead(Context, _pages.Header);

    /// <summary>Begins to read the page at hand through a window.</summary>
    internal void Slide(SlidingValues values) => values.Open(Context, _pages);

    /// <summary>
    /// Begins to decompress the page at hand, which is then read whole, by the kernel that the owner runs on <see cref="KernelStream"/>. False when the page is none for it; it is decompressed
    /// by the first <see cref="ReadFromPage"/> then.
    /// </summary>
    internal bool TryBeginByKernel() => _decoder.TryBegin(Context, _pages);

    /// <summary>What the kernel is wanted for, after <see cref="TryBeginByKernel"/>.</summary>
    internal PageStream* KernelStream => _decoder.Stream;

    /// <summary>Whether the kernel is done with the page, so that it can be read. Errors come out here.</summary>
    internal bool IsKernelDone() => _decoder.IsDecompressed();

    /// <summary>Reads what is left of a page of which only a part was wanted, if that is needed to check its CRC.</summary>
    internal void FinishPage() => _pages.FinishBody();

    /// <summary>Draws the next rows of the page at hand, up to <see cref="ColumnBatch.MaxRows"/>; the first call decompresses it.</summary>
    /// <returns>False when none are left in the page.</returns>
    /// <exception cref="CorruptFileException">The chunk is malformed.</exception>
    /// <exception cref="UnsupportedFileException">The chunk uses a codec or encoding that is not read.</exception>
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

    /// <summary>Draws the next rows of the chunk, up to <see cref="ColumnBatch.MaxRows"/>, page after page.</summary>
    /// <returns>False when there are none left.</returns>
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
