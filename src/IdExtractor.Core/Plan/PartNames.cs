using IdExtractor.Core.Feed;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Plan;

/// <summary>What the name of a part reveals about its text.</summary>
internal static class PartNames
{
    private static readonly string[] s_tables = [".csv", ".tsv"];

    /// <summary>
    /// Formats that do not hold an ID per line, and compressions other than gzip: their bytes must
    /// not be taken for IDs.
    /// </summary>
    private static readonly string[] s_unread =
    [
        ".json", ".jsonl", ".ndjson", ".xml", ".orc", ".avro", ".xlsx", ".xls",
        ".zip", ".bz2", ".zst", ".xz", ".lz4", ".lzo", ".snappy", ".deflate",
    ];

    /// <summary>The part has separated values with a header, gzipped or not.</summary>
    public static bool IsCsv(string name) => HasOneOf(s_tables, WithoutGzip(name));

    /// <summary>Refuses a part that is neither text nor CSV by its name.</summary>
    /// <param name="name">Its key.</param>
    /// <param name="place">As it appears in messages.</param>
    /// <exception cref="UnsupportedFileException">It is in another format, or compressed in a way
    /// that is not read.</exception>
    public static void RequireText(string name, string place)
    {
        if (HasOneOf(s_unread, WithoutGzip(name)))
        {
            throw new UnsupportedFileException("A part is in a format that cannot be published", ErrorPlace.Of(place),
                "write the parts as Parquet, as CSV with a header, or as text with one id per line, gzipped or not");
        }
    }

    private static string WithoutGzip(string name) => TextObject.IsGzip(name) ? name[..^3] : name;

    private static bool HasOneOf(string[] extensions, string name) =>
        Array.Exists(extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
