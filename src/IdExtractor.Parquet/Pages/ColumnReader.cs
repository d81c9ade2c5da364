using IdExtractor.Foundation.Errors;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Reads one chunk after another, one whole page at a time, in batches. Supports every type,
/// encoding and codec of the specification, section 4, with all checks enabled. This is the
/// reference implementation, with which tests compare <see cref="ChunkCursor"/>. Not thread safe;
/// reusable.
/// </summary>
public sealed class ColumnReader : IDisposable
{
    private readonly PageReader _pages = new();
    private readonly PageDecoder _decoder = new();
    private readonly DictionaryPage _dictionary = new();
    private ChunkContext? _context;

    private ChunkContext Context => _context ?? throw new InvalidOperationException("No chunk is open.");

    /// <summary>Opens a chunk. The caller remains responsible for disposing the source.</summary>
    /// <exception cref="UnsupportedFileException">The column is nested, repeated, or of an
    /// unsupported type.</exception>
    public void Open(ChunkContext context, ChunkSource source)
    {
        ColumnSupport.Check(context);
        _context = context;
        _dictionary.Clear();
        _decoder.Clear();
        _decoder.Trim();
        _pages.Open(context, source);
    }

    /// <summary>
    /// Reads the next rows of the chunk, up to <see cref="ColumnBatch.MaxRows"/>, moving from page
    /// to page.
    /// </summary>
    /// <returns>False when there are no more rows.</returns>
    /// <exception cref="CorruptFileException">The chunk is malformed.</exception>
    /// <exception cref="UnsupportedFileException">The chunk uses an unsupported codec or
    /// encoding.</exception>
    public bool Read(ColumnBatch batch)
    {
        while (_decoder.RowsLeft == 0)
        {
            if (!OpenNextPage())
                return false;
        }

        _decoder.Read(batch, _dictionary, ColumnBatch.MaxRows);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages.Dispose();
        _decoder.Dispose();
        _dictionary.Dispose();
    }

    /// <summary>
    /// Decompresses the next data page, and a dictionary on the way. False after the last page of
    /// the chunk.
    /// </summary>
    private bool OpenNextPage()
    {
        var context = Context;
        _decoder.Clear();
        while (_pages.MoveNext())
        {
            if (_pages.Header.Type != PageType.Dictionary)
            {
                _decoder.Open(context, _pages);
                return true;
            }

            _dictionary.Read(context, _pages);
        }

        return false;
    }
}
