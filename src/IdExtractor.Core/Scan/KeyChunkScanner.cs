using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Parquet.Pages;

namespace IdExtractor.Core.Scan;

/// <summary>
/// Finds the rows of one row group whose document is a key. Pages of PLAIN byte arrays slide through a window and are probed there; all others are read whole: the entries of a dictionary are
/// asked once, its pages then only look the answers up, and are passed over when no entry is a key. Works step by step, so that one thread can run several in lock step. Reusable; not thread safe.
/// </summary>
internal sealed unsafe class KeyChunkScanner : IDisposable
{
    private readonly ColumnReader _reader = new();
    private readonly ColumnBatch _batch = new();
    private readonly SlidingValues _sliding = new();
    private readonly DictionaryMatch _dictionary = new();
    private readonly int[] _hits = new int[PlainKeyProbe.MaxValues];
    private readonly int[] _offsets = new int[PlainKeyProbe.MaxValues];
    private ChunkContext _context = null!;
    private KeyMatcher _matcher = null!;
    private RowSet _rows = null!;
    private long _nulls;
    private bool _passedOver;
    private bool _nullsCounted;
    private bool _maySlide;
    private bool _isSliding;
    private bool _kernelRan;
    private bool _isInKernel;

    /// <summary>Rows of the chunk without a document. Where pages were passed over, the writer's statistics tell; where there are none, the rows of those pages do not count.</summary>
    public long NullDocuments => _passedOver ? Math.Clamp(_context.Chunk.Statistics?.NullCount ?? _nulls, _nulls, _context.Chunk.ValueCount) : _nulls;

    /// <summary>What the kernel is wanted for.</summary>
    public SnappyStream* Stream => _isInKernel ? _reader.KernelStream : _sliding.Page.Stream;

    /// <summary>Begins a chunk.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="matcher">Tells what a key is.</param>
    /// <param name="rows">Receives the matching rows.</param>
    /// <param name="maySlide">False to read every page whole: the plain twin.</param>
    public void Begin(ChunkContext context, ChunkSource source, KeyMatcher matcher, RowSet rows, bool maySlide)
    {
        _context = context;
        _matcher = matcher;
        _rows = rows;
        _maySlide = maySlide && matcher.PlainProbe is not null;
        _isSliding = _kernelRan = _isInKernel = false;
        _dictionary.Clear();
        _nulls = 0;
        _passedOver = false;
        _reader.Open(context, source);
    }

    /// <summary>Goes on until the kernel is wanted or the chunk is done.</summary>
    public LaneStep Step()
    {
        while (true)
        {
            if (_isSliding)
            {
                if (_kernelRan)
                    _sliding.Page.Commit();
                _kernelRan = false;
                if (_sliding.Page.IsBeyondWindow)
                    return LaneStep.Restart;
                ProbeWindow();
                if (_sliding.Page.IsComplete && _sliding.ValuesLeft == 0)
                    _isSliding = false;
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

            if (!_reader.NextPage())
                return LaneStep.Done;
            if (_maySlide && _reader.CanSlide)
            {
                _reader.Slide(_sliding);
                _isSliding = true;
                _nullsCounted = false;
            }
            else if (IsWithoutKeys())
            {
                _passedOver = true;
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
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _batch.Dispose();
        _sliding.Dispose();
    }

    private void ProbeWindow()
    {
        var page = _sliding.Page;
        if (!_sliding.TryReadLevels())
        {
            if (page.IsComplete)
                _sliding.CheckIncomplete();
            return;
        }

        if (!_nullsCounted)
        {
            _nulls += _reader.PageRows - _sliding.ValuesLeft;
            _nullsCounted = true;
        }

        var probe = _matcher.PlainProbe!;
        while (_sliding.ValuesLeft > 0)
        {
            var first = _sliding.NextValue;
            var wanted = Math.Min(_sliding.ValuesLeft, PlainKeyProbe.MaxValues);
            var count = probe.Probe(page.Unread, page.UnreadLength, wanted, _hits, _offsets, out var values, out var bytes);
            for (var i = 0; i < count; i++)
                _rows.Add(_reader.PageFirstRow + _sliding.Rows.RowOfValue(first + _hits[i]));
            _sliding.Consume(values, bytes);
            if (values < wanted)
            {
                _sliding.CheckIncomplete();
                return;
            }
        }

        page.Consume(page.UnreadLength);
    }

    private bool IsWithoutKeys() => _reader.IsDictionaryPage && _reader.Dictionary is { } entries && !_dictionary.HasKeys(entries, _matcher);

    private void ScanWholePage()
    {
        while (_reader.ReadFromPage(_batch))
        {
            var hits = _batch.IsDictionary ? _dictionary.Match(_batch.Indices, _hits) : _matcher.Match(_batch.Values, _hits);
            _nulls += _batch.RowCount - _batch.ValueCount;
            RowMapper.AddRows(_batch, _hits.AsSpan(0, hits), _rows);
        }
    }
}
