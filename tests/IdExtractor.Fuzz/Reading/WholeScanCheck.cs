using IdExtractor.Foundation.Errors;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// The production's whole scan step over one file, with row groups and pages ruled out by bounds
/// and Bloom filters and without, against what the plain reading says.
/// </summary>
internal static class WholeScanCheck
{
    /// <summary>Takes each column once as documents, with the next as ids.</summary>
    /// <param name="image">The file.</param>
    /// <param name="columns">Its columns, read by the reference implementation.</param>
    /// <param name="seed">Chooses keys.</param>
    /// <param name="hintsMayLie">What rules row groups out may have been damaged: rows may then be
    /// missing, but none may be added.</param>
    public static void Run(ParquetImage image, List<CheckedColumn> columns, int seed, bool hintsMayLie)
    {
        var readable = columns.Where(column => ParquetImage.IsReadable(column.Column)).ToList();
        for (var i = 0; i < readable.Count; i++)
        {
            var (documents, ids) = (readable[i], readable[(i + 1) % readable.Count]);
            var random = new Random(unchecked((seed * 31) + i));
            documents.Within(() => CheckPair(image, documents, ids, random, hintsMayLie));
        }
    }

    private static void CheckPair(ParquetImage image, CheckedColumn documents, CheckedColumn ids, Random random, bool hintsMayLie)
    {
        var sample = KeySample.Draw(
            documents.Column, documents.Rows.SelectMany(group => group.Rows), random, onlyCpfLike: random.Next(2) == 0);
        var expected = documents.Refusal is null && ids.Refusal is null ? Join(documents, ids, sample) : null;
        Scan(image, documents, ids, sample, expected, prune: false, isExact: true);
        Scan(image, documents, ids, sample, expected, prune: true, isExact: !hintsMayLie);
    }

    private static ExpectedIds Join(CheckedColumn documents, CheckedColumn ids, KeySample sample)
    {
        var expected = new ExpectedIds();
        for (var i = 0; i < documents.Groups.Count; i++)
        {
            for (var row = 0; row < documents.Rows[i].Rows.Count; row++)
            {
                if (documents.Rows[i].Rows[row] is { } value && sample.Matches(value))
                    expected.Add(ids.Column, ids.Rows[i].Rows[row]);
            }
        }

        return expected;
    }

    /// <param name="image">The file.</param>
    /// <param name="documents">The column of the documents.</param>
    /// <param name="ids">The column of the ids.</param>
    /// <param name="sample">The keys.</param>
    /// <param name="expected">What has to come out; null when one of the columns is refused, and
    /// the scan may be.</param>
    /// <param name="prune">Row groups and pages may be ruled out.</param>
    /// <param name="isExact">No row may be missing even so.</param>
    private static void Scan(
        ParquetImage image, CheckedColumn documents, CheckedColumn ids, KeySample sample, ExpectedIds? expected, bool prune, bool isExact)
    {
        var what = $"the {(prune ? "pruned" : "full")} scan for ids of '{ids.Column.Name}'";
        try
        {
            var (found, progress) = TableRun.Run(
                [image], _ => documents.Column, _ => ids.Column, sample.Keys, threads: 1 + (documents.Column.Index % 2), ids.Longest,
                prune);
            if (expected is null)
                return;
            if (isExact || (progress.RowGroupsSkipped == 0 && progress.PagesSkipped == 0))
                expected.Compare(what, found, (progress.RowsMatched, progress.NullIdsDropped));
            else if (progress.RowsMatched > expected.Matched || found.Except(expected.Sorted, StringComparer.Ordinal).Any())
                throw new DisagreementException($"{what} gives more than there is");
        }
        catch (IdExtractorException e) when (expected is null || (expected.MustFail && e is InputDataException))
        {
            // As it has to be.
        }
        catch (IdExtractorException e)
        {
            throw new DisagreementException($"reading both columns is fine, {what} {DisagreementException.Said(e)}");
        }
    }
}
