using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// Reads everything in one file with the reference implementation and with the production code, and
/// compares both with each other and with a row-by-row count. Reusable; one thread at a time.
/// </summary>
/// <remarks>
/// What may escape: <see cref="IdExtractorException"/> never (it is in the report),
/// <see cref="DisagreementException"/> for a defect of the reader.
/// </remarks>
public sealed class FileCheck : IDisposable
{
    /// <summary>
    /// Files that claim more rows are only read through, not compared: what they hold is not kept.
    /// </summary>
    private const long MostComparedRows = 1 << 17;

    private readonly PlainReading _plain = new();
    private readonly LockStepScan _scan = new();

    /// <summary>Reads and compares.</summary>
    /// <param name="name">Of the file, for messages.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="seed">Chooses keys and rows.</param>
    /// <param name="hintsMayLie">Bounds and Bloom filters may have been damaged: a row group that
    /// they rule out may be missing from a whole scan, though nothing else may be in it.</param>
    /// <exception cref="DisagreementException">Two ways of reading differ.</exception>
    public FileReport Check(string name, ReadOnlyMemory<byte> bytes, int seed, bool hintsMayLie = false)
    {
        ParquetImage image;
        try
        {
            image = ParquetImage.Open(name, bytes);
        }
        catch (IdExtractorException e)
        {
            return new FileReport(e, []);
        }

        var columns = image.Footer.Columns.Select(column => new CheckedColumn(column)).ToList();
        var isCompared = image.Footer.RowCount <= MostComparedRows;
        foreach (var column in columns)
        {
            column.Within(() => ReadPlain(image, column, isCompared));
            if (isCompared && ParquetImage.IsReadable(column.Column) && column.Groups.Count > 0)
            {
                var random = new Random(unchecked((seed * 31) + column.Column.Index));
                column.Within(() => CheckMatching(image, column, random, onlyCpfLike: false));
                column.Within(() => CheckMatching(image, column, random, onlyCpfLike: true));
                column.Within(() => CheckDrawing(image, column, random));
            }
        }

        if (isCompared)
            WholeScanCheck.Run(image, columns, seed, hintsMayLie);
        return new FileReport(null, [.. columns.Select(column => column.Report())]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plain.Dispose();
        _scan.Dispose();
    }

    private void ReadPlain(ParquetImage image, CheckedColumn column, bool isCompared)
    {
        try
        {
            column.Groups = image.Footer.ReadRowGroups([column.Column]);
        }
        catch (IdExtractorException e)
        {
            column.Refusal = e;
            return;
        }

        foreach (var group in column.Groups)
        {
            if (isCompared)
            {
                column.Rows.Add(_plain.ReadRows(image, group));
                column.Refusal ??= column.Rows[^1].Error;
                continue;
            }

            try
            {
                _plain.Read(image, group, (_, _) => { });
            }
            catch (IdExtractorException e)
            {
                column.Refusal = e;
                return;
            }
        }
    }

    /// <summary>
    /// Matching rows: windows against whole pages, and both against the plain reading.
    /// </summary>
    private void CheckMatching(ParquetImage image, CheckedColumn column, Random random, bool onlyCpfLike)
    {
        var sample = KeySample.Draw(column.Column, column.Rows.SelectMany(group => group.Rows), random, onlyCpfLike);
        var matcher = KeyMatcher.For(column.Column, sample.Keys);
        var windows = _scan.Match(image, column.Groups, matcher, windows: true);
        var whole = _scan.Match(image, column.Groups, matcher, windows: false);
        for (var i = 0; i < column.Groups.Count; i++)
        {
            var plain = column.Rows[i];
            if ((windows[i].Error is null) != (whole[i].Error is null))
                throw new DisagreementException(
                    $"row group {i}: through windows {DisagreementException.Said(windows[i].Error)}, in whole pages {DisagreementException.Said(whole[i].Error)}");
            if (windows[i].Error is null && !windows[i].Ascending().SequenceEqual(whole[i].Ascending()))
                throw new DisagreementException($"row group {i}: windows and whole pages find different rows");
            if (windows[i].Error is null && windows[i].NullDocuments != whole[i].NullDocuments)
                throw new DisagreementException(
                    $"row group {i}: {windows[i].NullDocuments} nulls through windows, {whole[i].NullDocuments} in whole pages");
            if (plain.Error is not null)
                continue;
            if (whole[i].Error is { } refusal)
                throw new DisagreementException($"row group {i}: reading is fine, matching {DisagreementException.Said(refusal)}");
            var expected = Enumerable.Range(0, plain.Rows.Count)
                .Where(row => plain.Rows[row] is { } value && sample.Matches(value))
                .Select(row => (long)row);
            if (!expected.SequenceEqual(whole[i].Ascending()))
                throw new DisagreementException($"row group {i}: other rows match than the plain reading says");

            CheckNulls(column.Groups[i], whole[i], plain.Rows.Count(value => value is null));
        }
    }

    /// <summary>
    /// Rows without a document. For skipped pages they are what the statistics claim, which may be
    /// too many, or none.
    /// </summary>
    private static void CheckNulls(RowGroup group, ScanOutcome outcome, long nulls)
    {
        var claimed = group.Chunks[0].Statistics?.NullCount;
        if (outcome.NullDocuments > Math.Max(nulls, claimed ?? 0) || (claimed == nulls && outcome.NullDocuments != nulls))
            throw new DisagreementException(
                $"row group {group.Index}: {outcome.NullDocuments} nulls; there are {nulls}, and the statistics claim {claimed}");
    }

    /// <summary>
    /// Reads ids of all rows, to see that the same chunks are refused, then of some rows, to see
    /// that they are the right ones.
    /// </summary>
    private void CheckDrawing(ParquetImage image, CheckedColumn column, Random random)
    {
        var all = column.Groups.Select(group => RowsOf(group.RowCount, _ => true)).ToArray();
        using (var gathering = new IdGathering(column.Longest))
            CheckRefusals(column, _scan.Draw(image, column.Groups, all, _ => gathering.CreateSink()));

        var expected = new ExpectedIds();
        var share = random.Next(1, 40);
        var sound = Enumerable.Range(0, column.Groups.Count).Where(group => column.Rows[group].Error is null).ToList();
        var some = sound.ConvertAll(group => column.Rows[group].Rows)
            .ConvertAll(
                rows => RowsOf(
                    rows.Count,
                    row => random.Next(share) == 0 && (rows[row] is not { } value || ExpectedIds.IsPublishable(column.Column, value))));
        for (var i = 0; i < some.Count; i++)
        {
            for (var row = some[i].NextFrom(0); row >= 0; row = some[i].NextFrom(row + 1))
                expected.Add(column.Column, column.Rows[sound[i]].Rows[(int)row]);
        }

        using var someIds = new IdGathering(column.Longest);
        foreach (var outcome in _scan.Draw(image, sound.ConvertAll(group => column.Groups[group]), [.. some], _ => someIds.CreateSink()))
        {
            if (outcome.Error is { } error)
                throw new DisagreementException($"drawing some ids {DisagreementException.Said(error)}");
        }

        expected.Compare("drawing some ids", someIds.Sorted(), someIds.TakeCounts());
    }

    private static void CheckRefusals(CheckedColumn column, ScanOutcome[] drawn)
    {
        for (var i = 0; i < drawn.Length; i++)
        {
            var plain = column.Rows[i];
            if (plain.Error is not null)
                continue;
            var mustFail = plain.Rows.Any(value => value is not null && !ExpectedIds.IsPublishable(column.Column, value));
            if (mustFail != drawn[i].Error is InputDataException || (!mustFail && drawn[i].Error is not null))
                throw new DisagreementException(
                    $"row group {i}: reading is fine, drawing all its ids {DisagreementException.Said(drawn[i].Error)}");
        }
    }

    private static RowSet RowsOf(long count, Func<int, bool> isWanted)
    {
        var rows = new RowSet();
        for (var row = 0; row < count; row++)
        {
            if (isWanted(row))
                rows.Add(row);
        }

        return rows;
    }
}

/// <summary>What came of one file.</summary>
/// <param name="Refusal">Why the whole file was refused; null when its footer could be
/// read.</param>
/// <param name="Columns">All leaves of the schema.</param>
public sealed record FileReport(IdExtractorException? Refusal, IReadOnlyList<ColumnReport> Columns);

/// <summary>What came of one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Refusal">Why it was refused; null when it was read.</param>
public sealed record ColumnReport(ColumnDescriptor Column, IdExtractorException? Refusal);
