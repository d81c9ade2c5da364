using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// Runs the production's chunk scanners over all row groups of a file, several at a time with the
/// kernel in lock step, and keeps apart what each row group gave. Reusable.
/// </summary>
internal sealed unsafe class LockStepScan : IDisposable
{
    private readonly KeyChunkScanner[] _keys = new KeyChunkScanner[LockStep.MaxStreams];
    private readonly IdChunkScanner[] _ids = new IdChunkScanner[LockStep.MaxStreams];
    private readonly MemoryChunkSource[] _sources = new MemoryChunkSource[LockStep.MaxStreams];

    public LockStepScan()
    {
        for (var lane = 0; lane < LockStep.MaxStreams; lane++)
        {
            _keys[lane] = new KeyChunkScanner();
            _ids[lane] = new IdChunkScanner();
            _sources[lane] = new MemoryChunkSource(seed: lane);
        }
    }

    private delegate LaneStep Step(int lane);

    private delegate PageStream* StreamOf(int lane);

    /// <summary>
    /// The rows of each row group whose document, in the group's first chunk, is a key.
    /// </summary>
    /// <param name="image">The file.</param>
    /// <param name="groups">Its row groups with the key column.</param>
    /// <param name="matcher">Decides what is a key.</param>
    /// <param name="windows">Reads pages through windows; false for the reference
    /// implementation.</param>
    public ScanOutcome[] Match(ParquetImage image, IReadOnlyList<RowGroup> groups, KeyMatcher matcher, bool windows)
    {
        var outcomes = new ScanOutcome[groups.Count];
        for (var first = 0; first < groups.Count; first += LockStep.MaxStreams)
        {
            var offset = first;
            void Begin(int lane, bool maySlide)
            {
                var group = groups[offset + lane];
                var rows = outcomes[offset + lane].Rows;
                rows.Clear();
                _sources[lane].Open(image.Bytes, group.Chunks[0]);
                _keys[lane].Begin(image.Context(group, 0), _sources[lane], matcher, rows, maySlide);
            }

            var lanes = Math.Min(LockStep.MaxStreams, groups.Count - first);
            for (var lane = 0; lane < lanes; lane++)
                outcomes[offset + lane] = new ScanOutcome(new RowSet());
            Drive(
                outcomes.AsSpan(offset, lanes), lane => Begin(lane, windows), lane => _keys[lane].Step(), lane => _keys[lane].Stream,
                lane => Begin(lane, maySlide: false));
            for (var lane = 0; lane < lanes; lane++)
                outcomes[offset + lane].NullDocuments = _keys[lane].NullDocuments;
        }

        return outcomes;
    }

    /// <summary>
    /// Reads the ids of the given rows, from the first chunk of each row group, into a sink.
    /// </summary>
    /// <param name="image">The file.</param>
    /// <param name="groups">Its row groups with the id column.</param>
    /// <param name="rows">The wanted rows of each row group.</param>
    /// <param name="sinkOf">The sink of a lane.</param>
    /// <returns>For each row group whether it was refused.</returns>
    public ScanOutcome[] Draw(ParquetImage image, IReadOnlyList<RowGroup> groups, RowSet[] rows, Func<int, MatchedIdSink> sinkOf)
    {
        var outcomes = new ScanOutcome[groups.Count];
        for (var first = 0; first < groups.Count; first += LockStep.MaxStreams)
        {
            var offset = first;
            void Begin(int lane)
            {
                _sources[lane].Open(image.Bytes, groups[offset + lane].Chunks[0]);
                _ids[lane].Begin(image.Context(groups[offset + lane], 0), _sources[lane], rows[offset + lane], sinkOf(lane));
            }

            void BeginAgain(int lane)
            {
                _sources[lane].Open(image.Bytes, groups[offset + lane].Chunks[0]);
                _ids[lane].BeginAgain(_sources[lane]);
            }

            var lanes = Math.Min(LockStep.MaxStreams, groups.Count - first);
            for (var lane = 0; lane < lanes; lane++)
                outcomes[offset + lane] = new ScanOutcome(rows[offset + lane]);
            Drive(outcomes.AsSpan(offset, lanes), Begin, lane => _ids[lane].Step(), lane => _ids[lane].Stream, BeginAgain);
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scanner in _keys)
            scanner.Dispose();
        foreach (var scanner in _ids)
            scanner.Dispose();
        foreach (var source in _sources)
            source.Dispose();
    }

    /// <summary>Runs the lanes to their ends; a refusal stops only its own lane.</summary>
    private static void Drive(Span<ScanOutcome> outcomes, Action<int> begin, Step step, StreamOf streamOf, Action<int> beginAgain)
    {
        var streams = stackalloc PageStream*[LockStep.MaxStreams];
        var isDone = new bool[outcomes.Length];
        for (var lane = 0; lane < outcomes.Length; lane++)
            isDone[lane] = !Try(outcomes[lane], () => begin(lane));
        while (true)
        {
            var waiting = 0;
            for (var lane = 0; lane < outcomes.Length; lane++)
            {
                while (!isDone[lane])
                {
                    var next = LaneStep.Done;
                    isDone[lane] = !Try(outcomes[lane], () => next = step(lane)) || next == LaneStep.Done;
                    if (isDone[lane])
                        break;
                    if (next == LaneStep.Restart)
                    {
                        isDone[lane] = !Try(outcomes[lane], () => beginAgain(lane));
                        continue;
                    }

                    streams[waiting++] = streamOf(lane);
                    break;
                }
            }

            if (waiting == 0)
                return;
            LockStep.Run(streams, waiting);
        }
    }

    private static bool Try(ScanOutcome outcome, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (IdExtractorException e)
        {
            outcome.Error = e;
            return false;
        }
    }
}

/// <summary>What a scan of one row group gave.</summary>
/// <param name="rows">The rows that matched, or that were requested.</param>
internal sealed class ScanOutcome(RowSet rows)
{
    public RowSet Rows { get; } = rows;

    /// <summary>Why it was refused; null when it came to its end.</summary>
    public IdExtractorException? Error { get; set; }

    /// <summary>Rows without a document, as the scanner counts them.</summary>
    public long NullDocuments { get; set; }

    /// <summary>The rows in ascending order.</summary>
    public IEnumerable<long> Ascending()
    {
        for (var row = Rows.NextFrom(0); row >= 0; row = Rows.NextFrom(row + 1))
            yield return row;
    }
}
