using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Finds the rows of one row group whose document is a key. Where possible, pages slide through a
/// window. PLAIN byte arrays are probed there. The entries of a dictionary are looked up once and
/// not kept; its pages then only use the results, and are skipped when no entry is a key. All other
/// pages are read whole. Works step by step, so that one thread can run several scanners in lock
/// step. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class KeyChunkScanner : IDisposable
{
    private enum Window
    {
        None,
        Entries,
        Values,
        Indices,
    }

    private readonly ColumnReader _reader = new();
    private readonly ColumnBatch _batch = new();
    private readonly SlidingValues _sliding = new();
    private readonly SlidingIndices _indices;
    private readonly DictionaryMatch _dictionary = new();
    private readonly int[] _drawn = new int[PlainKeyProbe.MaxValues];
    private readonly int[] _hits = new int[PlainKeyProbe.MaxValues];
    private readonly long[] _candidates = new long[PlainKeyProbe.MaxValues];
    private ChunkContext _context = null!;
    private KeyMatcher _matcher = null!;
    private RowSet _rows = null!;
    private IdsOffer? _offer;
    private long _nulls;
    private bool _passedOver;
    private bool _nullsCounted;
    private bool _maySlide;
    private Window _window;
    private bool _kernelRan;
    private bool _isInKernel;

    public KeyChunkScanner() => _indices = new SlidingIndices(_sliding);

    /// <summary>
    /// Number of rows in the chunk without a document. If pages were skipped, the number comes from
    /// the writer's statistics; without statistics, the rows of skipped pages are not counted.
    /// </summary>
    public long NullDocuments => _passedOver ? Math.Clamp(_context.Chunk.Statistics?.NullCount ?? _nulls, _nulls, _context.Chunk.ValueCount) : _nulls;

    /// <summary>The stream that the kernel must process.</summary>
    public PageStream* Stream => _isInKernel ? _reader.KernelStream : _sliding.Page.Stream;

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
    public void Begin(ChunkContext context, ChunkSource source, KeyMatcher matcher, RowSet rows, bool maySlide, PageSelection? pages = null, IdsOffer? offer = null)
    {
        _offer = offer;
        _context = context;
        _matcher = matcher;
        _rows = rows;
        _maySlide = maySlide && matcher.PlainProbe is not null;
        _window = Window.None;
        _kernelRan = _isInKernel = false;
        _dictionary.Clear();
        _nulls = 0;
        _passedOver = pages is not null;
        _reader.Open(context, source, pages);
    }

    /// <summary>Continues until the kernel is needed or the chunk is done.</summary>
    public LaneStep Step()
    {
        while (true)
        {
            if (_window != Window.None)
            {
                if (_kernelRan)
                    _sliding.Page.Commit();
                _kernelRan = false;
                if (_sliding.Page.IsBeyondWindow)
                    return LaneStep.Restart;
                LookAtWindow();
                if (_sliding.Page.IsComplete && _sliding.ValuesLeft == 0)
                {
                    EndWindow();
                }
                else if (_sliding.Page.Prepare())
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
                ScanWholePage();
                continue;
            }

            if (!_reader.NextPage(stopAtDictionary: _maySlide))
                return _reader.ContradictsIndex ? LaneStep.Restart : LaneStep.Done;
            BeginPage();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _batch.Dispose();
        _sliding.Dispose();
    }

    private void BeginPage()
    {
        if (_maySlide && _reader.IsAtDictionary)
        {
            Slide(Window.Entries);
            _dictionary.Begin(_reader.PageRows);
            return;
        }

        if (_reader.IsDictionaryPage && _reader.Dictionary is { } entries)
        {
            if (!_dictionary.IsKnown)
                _dictionary.Fill(entries, _matcher, _hits);
            if (!_dictionary.HasKeys)
            {
                _passedOver = true;
                return;
            }
        }

        if (_maySlide && _reader.CanSlideIndices)
        {
            _indices.Open();
            Slide(Window.Indices);
        }
        else if (_maySlide && _reader.CanSlide)
        {
            Slide(Window.Values);
        }
        else if (_maySlide && _reader.TryBeginByKernel())
        {
            _isInKernel = true;
        }
        else
        {
            ScanWholePage();
        }
    }

    private void Slide(Window window)
    {
        _reader.Slide(_sliding);
        _window = window;
        _nullsCounted = window == Window.Entries;
    }

    private void EndWindow()
    {
        _sliding.Page.Close();
        if (_window == Window.Entries)
            _reader.PassDictionary();
        _window = Window.None;
    }

    private void LookAtWindow()
    {
        if (!_sliding.TryReadLevels())
        {
            _sliding.CheckNotEnded();
            return;
        }

        if (!_nullsCounted)
        {
            _nulls += _reader.PageRows - _sliding.ValuesLeft;
            _nullsCounted = true;
        }

        if (_window == Window.Indices)
            LookUpIndices();
        else
            ProbeValues();
        if (_sliding.ValuesLeft == 0)
            _sliding.Page.Consume(_sliding.Page.UnreadLength);
        TellRows();
    }

    private void TellRows()
    {
        if (_offer is { IsTaken: true })
            _offer.Publish(_rows);
    }

    private void ProbeValues()
    {
        var page = _sliding.Page;
        var probe = _matcher.PlainProbe!;
        while (_sliding.ValuesLeft > 0)
        {
            var first = _sliding.NextValue;
            var wanted = Math.Min(_sliding.ValuesLeft, PlainKeyProbe.MaxValues);
            var count = probe.Probe(page.Unread, page.UnreadLength, wanted, _hits, _candidates, out var values, out var bytes);
            AddHits(first, count);
            _sliding.Consume(values, bytes);
            if (values < wanted)
            {
                _sliding.CheckIncomplete();
                return;
            }
        }
    }

    private void LookUpIndices()
    {
        while (_sliding.ValuesLeft > 0)
        {
            var first = _sliding.NextValue;
            var drawn = _indices.Read(_drawn);
            if (drawn == 0)
            {
                _sliding.CheckNotEnded();
                return;
            }

            var count = _dictionary.Match(_drawn.AsSpan(0, drawn), _hits);
            if (count < 0)
                _sliding.Throw(DecodeStatus.InvalidValue);
            AddHits(first, count);
        }
    }

    private void AddHits(int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var value = first + _hits[i];
            if (_window == Window.Entries)
                _dictionary.Add(value);
            else
                _rows.Add(_reader.PageFirstRow + _sliding.Rows.RowOfValue(value));
        }
    }

    private void ScanWholePage()
    {
        while (_reader.ReadFromPage(_batch))
        {
            var hits = _batch.IsDictionary ? _dictionary.Match(_batch.Indices, _hits) : _matcher.Match(_batch.Values, _hits);
            _nulls += _batch.RowCount - _batch.ValueCount;
            RowMapper.AddRows(_batch, _hits.AsSpan(0, hits), _rows);
        }

        TellRows();
    }
}
