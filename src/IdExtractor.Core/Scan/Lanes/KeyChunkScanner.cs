using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Finds the rows of one row group whose document is a key. Where possible, pages slide through a
/// window. PLAIN values are looked up there. The entries of a dictionary are looked up once and
/// not kept; its pages then only use the results, and are skipped when no entry is a key. All other
/// pages are read whole. Works step by step, so that one thread can run several scanners in lock
/// step. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class KeyChunkScanner : IDisposable
{
    private readonly LaneReaders _readers;
    private readonly ChunkCursor _cursor;
    private readonly ColumnBatch _batch;
    private readonly DictionaryMatch _dictionary = new();
    private readonly int[] _positions = new int[PlainKeyProbe.MaxValues];
    private readonly int[] _hits = new int[PlainKeyProbe.MaxValues];
    private readonly long[] _candidates = new long[PlainKeyProbe.MaxValues];
    private ChunkContext _context = null!;
    private KeyMatcher _matcher = null!;
    private RowSet _rows = null!;
    private IdsOffer? _offer;
    private PagesRead _pagesRead;
    private long _nulls;
    private bool _passedOver;
    private bool _nullsCounted;

    /// <param name="readers">Used by one scanner at a time; disposed of with any of them. Its own
    /// when there are none.</param>
    public KeyChunkScanner(LaneReaders? readers = null)
    {
        _readers = readers ?? new LaneReaders();
        (_cursor, _batch) = (_readers.Cursor, _readers.Batch);
    }

    /// <summary>
    /// Number of rows in the chunk without a document. If pages were skipped, the number comes from
    /// the writer's statistics; without statistics, the rows of skipped pages are not counted.
    /// </summary>
    public long NullDocuments =>
        _passedOver ? Math.Clamp(_context.Chunk.Statistics?.NullCount ?? _nulls, _nulls, _context.Chunk.ValueCount) : _nulls;

    /// <summary>The stream that the kernel must process.</summary>
    public PageStream* Stream => _cursor.Stream;

    /// <summary>Starts a chunk.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="matcher">Decides which values are keys.</param>
    /// <param name="rows">Receives the matching rows.</param>
    /// <param name="maySlide">False to read every page whole, as the reference implementation
    /// does.</param>
    /// <param name="pages">The pages that may contain keys; null for all.</param>
    /// <param name="offer">The offer through which another thread may wait for the rows; null when
    /// there is none.</param>
    public void Begin(
        ChunkContext context, ChunkSource source, KeyMatcher matcher, RowSet rows, bool maySlide, PageSelection? pages = null,
        IdsOffer? offer = null)
    {
        _offer = offer;
        _context = context;
        _matcher = matcher;
        _rows = rows;
        rows.Reserve(context.Chunk.ValueCount);
        _dictionary.Clear();
        _nulls = 0;
        _passedOver = pages is not null;
        _cursor.Open(context, source, pages, maySlide);
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

    /// <summary>Continues until the kernel is needed or the chunk is done.</summary>
    public LaneStep Step()
    {
        while (true)
        {
            switch (_cursor.Step())
            {
                case CursorStep.WantsKernel:
                    return LaneStep.WantsKernel;
                case CursorStep.Restart:
                    return LaneStep.Restart;
                case CursorStep.End:
                    return LaneStep.Done;
                case CursorStep.Dictionary:
                    _pagesRead.Add(_cursor.SlideDictionary());
                    _nullsCounted = true;
                    _dictionary.Begin(_cursor.Rows);
                    break;
                case CursorStep.Page:
                    BeginPage();
                    break;
                case CursorStep.Window:
                    LookAtWindow();
                    break;
                default:
                    ScanWholePage();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    /// <summary>Skips a page of positions in a dictionary without keys.</summary>
    private void BeginPage()
    {
        if (_cursor.IsIndexPage && _cursor.Dictionary is { } entries)
        {
            if (!_dictionary.IsKnown)
                _dictionary.Fill(entries, _matcher, _hits);
            if (!_dictionary.HasKeys)
            {
                _passedOver = true;
                return;
            }
        }

        _nullsCounted = false;
        _pagesRead.Add(_cursor.OpenPage());
    }

    private void LookAtWindow()
    {
        var values = _cursor.Values;
        if (!values.TryReadLevels())
        {
            values.CheckNotEnded();
            return;
        }

        if (!_nullsCounted)
        {
            _nulls += _cursor.Rows - values.ValuesLeft;
            _nullsCounted = true;
        }

        if (_cursor.HasIndices)
            LookUpIndices(values);
        else
            ProbeValues(values);
        if (values.ValuesLeft == 0)
            values.Page.Consume(values.Page.UnreadLength);
        TellRows();
    }

    private void TellRows()
    {
        if (_offer is { IsTaken: true })
            _offer.Publish(_rows);
    }

    private void ProbeValues(SlidingValues values)
    {
        var page = values.Page;
        while (values.ValuesLeft > 0)
        {
            var first = values.NextValue;
            var wanted = Math.Min(values.ValuesLeft, PlainKeyProbe.MaxValues);
            var count = _matcher.MatchPlain(
                page.Unread, page.UnreadLength, values.Width, wanted, _hits, _candidates, out var probed, out var bytes);
            AddHits(values, first, count);
            values.Consume(probed, bytes);
            if (probed < wanted)
            {
                values.CheckIncomplete();
                return;
            }
        }
    }

    private void LookUpIndices(SlidingValues values)
    {
        while (values.ValuesLeft > 0)
        {
            var first = values.NextValue;
            var read = _cursor.Indices.Read(_positions);
            if (read == 0)
            {
                values.CheckNotEnded();
                return;
            }

            var count = _dictionary.Match(_positions.AsSpan(0, read), _hits);
            if (count < 0)
                values.Throw(DecodeStatus.InvalidValue);
            AddHits(values, first, count);
        }
    }

    private void AddHits(SlidingValues values, int first, int count)
    {
        if (_cursor.IsInDictionary)
        {
            for (var i = 0; i < count; i++)
                _dictionary.Add(first + _hits[i]);
            return;
        }

        for (var i = 0; i < count; i++)
            _rows.Add(_cursor.FirstRow + values.Rows.RowOfValue(first + _hits[i]));
    }

    private void ScanWholePage()
    {
        while (_cursor.Read(_batch))
        {
            var hits = _batch.IsDictionary ? _dictionary.Match(_batch.Indices, _hits) : _matcher.Match(_batch.Values, _hits);
            _nulls += _batch.RowCount - _batch.ValueCount;
            RowMapper.AddRows(_batch, _hits.AsSpan(0, hits), _rows);
        }

        TellRows();
    }
}
