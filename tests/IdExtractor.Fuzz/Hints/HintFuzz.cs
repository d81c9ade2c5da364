using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Reading;

namespace IdExtractor.Fuzz.Hints;

/// <summary>
/// Reads a random file, whose hints were changed, with and without hints: the ids are those of the
/// rows that hold a key, or both refuse the file.
/// </summary>
internal static class HintFuzz
{
    /// <summary>Tries the file of one seed.</summary>
    /// <param name="seed">Makes the file, the changes and the keys.</param>
    /// <returns>How much the hints saved: pages and row groups that were skipped.</returns>
    /// <exception cref="DisagreementException">Hints lost, added or moved a row.</exception>
    public static (long Pages, long RowGroups) Try(int seed)
    {
        var random = new Random(seed);
        var file = HintedFile.Create(random);
        var changes = random.Next(8) == 0 ? [] : HintChanges.Apply(file, random).ToList();
        var bytes = file.Write(footer =>
        {
            if (random.Next(4) == 0)
                changes.Add(HintChanges.Footer(footer, random));
        });
        var what = $"seed {seed}, {file.Documents.Kind}, {string.Join(", ", changes)}";

        var present = file.Documents.Values.OfType<long>().ToList();
        var keys = Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => present.Count > 0 && random.Next(4) != 0 ? present[random.Next(present.Count)] : random.Next(600_000))
            .Distinct()
            .ToList();
        var expected = file.Documents.Values.Select((document, row) => (document, row)).Where(
            pair => pair.document is { } document && keys.Contains(document))
            .Select(pair => Encoding.ASCII.GetString(file.Ids.Stored(pair.row))).Order(StringComparer.Ordinal).ToList();

        var full = Scan(bytes, keys, prune: false, out _);
        var pruned = Scan(bytes, keys, prune: true, out var saved);
        if (full is not null && !full.SequenceEqual(expected))
            throw new DisagreementException($"{what}: the full scan finds {full.Count} ids of {expected.Count}");
        if (full is null != pruned is null || (full is not null && !full.SequenceEqual(pruned!)))
            throw new DisagreementException(
                $"{what}: {full?.Count.ToString() ?? "refused"} without hints, {pruned?.Count.ToString() ?? "refused"} with them");
        return saved;
    }

    /// <summary>The ids in order; null when the file is refused.</summary>
    private static IReadOnlyList<string>? Scan(byte[] bytes, List<long> keys, bool prune, out (long Pages, long RowGroups) saved)
    {
        saved = default;
        var set = new KeySetBuilder();
        foreach (var key in keys)
            set.Add(Encoding.ASCII.GetBytes(HintedColumn.Digits(key)));
        try
        {
            var image = ParquetImage.Open("hinted", bytes);
            var (ids, progress) = TableRun.Run(
                [image], _ => image.Footer.Columns[0], _ => image.Footer.Columns[1], set.Build(), threads: 1, longestId: 64, prune);
            saved = (progress.PagesSkipped, progress.RowGroupsSkipped);
            return ids;
        }
        catch (IdExtractorException)
        {
            return null;
        }
    }
}
