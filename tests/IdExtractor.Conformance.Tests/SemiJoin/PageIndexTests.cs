using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Conformance.Tests.SemiJoin;

/// <summary>
/// Page indexes by other writers: they describe their pages correctly, and scans that use them find
/// what a full scan finds.
/// </summary>
public sealed class PageIndexTests
{
    public static TheoryData<string> Files => [.. ConformanceSet.Files.Where(file => file.Any(IsOfUse)).Select(file => file.Key)];

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void TryRead_IndexOfAnotherWriter_HoldsForEachValue(string file)
    {
        var image = ParquetImage.Open(file, ConformanceSet.Read(file));
        using var reading = new PlainReading();
        foreach (var entry in ConformanceSet.Columns(file).Where(IsOfUse))
        {
            var column = image.Footer.Columns[entry.ColumnIndex];
            if (BoundOrder.Of(column) is not { } order)
                continue;
            foreach (var group in image.Footer.ReadRowGroups([column]).Where(group => group.RowCount > 0))
            {
                if (Indexes(image, group.Chunks[0], order) is var (pages, bounds))
                    Check(pages, bounds, order, reading.ReadRows(image, group).Rows);
            }
        }
    }

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void Scan_FewKeys_FindsWhatTheFullScanFinds(string file)
    {
        var image = ParquetImage.Open(file, ConformanceSet.Read(file));
        using var reading = new PlainReading();
        var columns = ConformanceSet.Columns(file).Where(IsOfUse).Select(entry => image.Footer.Columns[entry.ColumnIndex]).ToList();
        foreach (var documents in columns)
        {
            var ids = columns[(columns.IndexOf(documents) + 1) % columns.Count];
            var values = image.Footer.ReadRowGroups([documents])
                .SelectMany(group => reading.ReadRows(image, group).Rows)
                .OfType<byte[]>()
                .ToList();
            for (var seed = 0; seed < 6 && values.Count > 0; seed++)
            {
                var random = new Random(seed);
                var sample = KeySample.OfValues(
                    documents, Enumerable.Range(0, 1 + (seed % 3)).Select(_ => values[random.Next(values.Count)]));
                var full = Scan(image, documents, ids, sample, prune: false);
                Assert.Equal(full, Scan(image, documents, ids, sample, prune: true));
            }
        }
    }

    /// <summary>A flat column of bytes or integers with bounds a page.</summary>
    private static bool IsOfUse(ManifestEntry entry) =>
        entry is
        {
            Expect: "values", HasColumnIndex: true, HasOffsetIndex: true, Physical: "BYTE_ARRAY" or "FIXED_LEN_BYTE_ARRAY"
            or "INT32" or "INT64"
        };

    /// <summary>Ids and counts, or what the scan was refused for.</summary>
    private static string Scan(ParquetImage image, ColumnDescriptor documents, ColumnDescriptor ids, KeySample sample, bool prune)
    {
        try
        {
            var (found, progress) = TableRun.Run([image], _ => documents, _ => ids, sample.Keys, threads: 1, longestId: 1 << 16, prune);
            return $"'{documents.Name}': {progress.RowsMatched} of {progress.RowsScanned} rows, {progress.NullIdsDropped} without ids: {string.Join(' ', found)}";
        }
        catch (InputDataException e)
        {
            return $"'{documents.Name}': {e.Message}";
        }
    }

    private static (OffsetIndex Pages, ColumnIndex Bounds)? Indexes(ParquetImage image, ColumnChunk chunk, BoundOrder order)
    {
        if (chunk is not { OffsetIndex: { } offsets, ColumnIndex: { } bounds })
            return null;
        var pages = OffsetIndex.TryRead(image.Bytes.Span.Slice((int)offsets.Offset, (int)offsets.Length!.Value), chunk);
        var index = pages is null
            ? null
            : ColumnIndex.TryRead(image.Bytes.Slice((int)bounds.Offset, (int)bounds.Length!.Value), chunk, pages, order);
        return index is null ? null : (pages!, index);
    }

    private static void Check(OffsetIndex pages, ColumnIndex bounds, BoundOrder order, IReadOnlyList<byte[]?> rows)
    {
        for (var page = 0; page < pages.PageCount; page++)
        {
            var first = (int)pages[page].FirstRow;
            for (var row = first; row < first + pages.RowsOf(page); row++)
            {
                if (rows[row] is { } value)
                    Assert.True(
                        !bounds.IsNullPage(page)
                        && order.Compare(bounds.Min(page), value) <= 0
                        && order.Compare(bounds.Max(page), value) >= 0,
                        $"row {row}, page {page}");
            }
        }
    }
}
