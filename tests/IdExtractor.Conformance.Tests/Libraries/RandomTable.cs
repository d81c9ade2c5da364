using System.Globalization;

namespace IdExtractor.Conformance.Tests.Libraries;

/// <summary>
/// A random table of documents and ids with keys to look for, and what a plain join of both finds.
/// </summary>
internal sealed class RandomTable
{
    private RandomTable()
    {
    }

    /// <summary>The documents as numbers, a value per row; null for null.</summary>
    public required long?[] Documents { get; init; }

    /// <summary>The ids as texts, a value per row; null for null.</summary>
    public required string?[] Ids { get; init; }

    /// <summary>Documents are stored as integers, not as texts of 14 digits.</summary>
    public required bool HasNumericDocuments { get; init; }

    /// <summary>Ids are stored as integers; their texts are then decimal numbers.</summary>
    public required bool HasNumericIds { get; init; }

    /// <summary>Rows of each row group.</summary>
    public required IReadOnlyList<int> Groups { get; init; }

    /// <summary>The documents to look for, each once.</summary>
    public required IReadOnlyList<long> Keys { get; init; }

    /// <summary>Rows whose document is a key.</summary>
    public IEnumerable<int> Matches
    {
        get
        {
            var keys = Keys.ToHashSet();
            return Enumerable.Range(0, Documents.Length).Where(row => Documents[row] is { } document && keys.Contains(document));
        }
    }

    /// <summary>The documents as they are stored in texts.</summary>
    public string?[] DocumentTexts => [.. Documents.Select(document => document is { } number ? Digits(number) : null)];

    /// <summary>The ids as integers.</summary>
    public long?[] IdNumbers => [.. Ids.Select(id => id is null ? (long?)null : long.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>Makes a table of up to some thousand rows in one to four row groups.</summary>
    public static RandomTable Create(Random random)
    {
        var rows = random.Next(1, 6_000);
        var isClustered = random.Next(3) == 0;
        var nulls = random.Next(3) switch { 0 => 0, 1 => 5, _ => 40 };
        var distinct = random.Next(2) == 0 ? rows : random.Next(1, 300);
        var hasNumericIds = random.Next(2) == 0;
        var documents = Enumerable.Range(0, rows)
            .Select(
                row => random.Next(100) < nulls ? (long?)null
                    : isClustered ? (row * 1_000_000L) + 1
                    : DocumentOf(random.Next(distinct))).ToArray();
        var known = documents.OfType<long>().Distinct().ToList();
        return new RandomTable
        {
            Documents = documents,
            Ids = [.. Enumerable.Range(0, rows).Select(row => random.Next(100) < nulls ? null : IdOf(hasNumericIds, random))],
            HasNumericDocuments = random.Next(2) == 0,
            HasNumericIds = hasNumericIds,
            Groups = [.. Enumerable.Repeat(rows / 4, random.Next(4)).Where(count => count > 0)],
            Keys = [.. known.Where(_ => random.Next(20) == 0).Append(DocumentOf(-1)).Append(known.Count > 0 ? known[0] : 1).Distinct()],
        };
    }

    /// <summary>
    /// Where each row group begins and ends; the last one has the rows that are left.
    /// </summary>
    public IEnumerable<Range> GroupRanges()
    {
        var from = 0;
        foreach (var count in Groups)
        {
            yield return from..(from + count);
            from += count;
        }

        if (from < Documents.Length)
            yield return from..Documents.Length;
    }

    /// <summary>A document as a key and as a text.</summary>
    public static string Digits(long document) => document.ToString("D14", CultureInfo.InvariantCulture);

    private static long DocumentOf(int number) => ((number + 7L) * 7_919_000_033) % 99_999_999_999;

    private static string IdOf(bool isNumeric, Random random) => isNumeric
        ? (random.Next(3) == 0 ? random.NextInt64() : random.Next(-500, 5_000)).ToString(CultureInfo.InvariantCulture)
        : new string('x', random.Next(30)) + random.Next(4_000).ToString(CultureInfo.InvariantCulture);
}
