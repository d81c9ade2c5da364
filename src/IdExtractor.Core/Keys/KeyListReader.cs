using IdExtractor.Core.Feed;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Keys;

/// <summary>
/// Reads Table A from a text list: <c>*.csv</c> or <c>*.txt</c>, gzipped or not (specification,
/// section 2).
/// </summary>
public static class KeyListReader
{
    /// <summary>
    /// True when the reference's extension is that of a list, not of a folder of Parquet files.
    /// </summary>
    public static bool IsKeyList(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var name = TextObject.IsGzip(reference) ? reference[..^3] : reference;
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns the list's size and version, which every later read must match.</summary>
    /// <exception cref="ConfigurationException">The object does not exist.</exception>
    public static async Task<ObjectInfo> PinAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.HeadAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw new ConfigurationException("The list of CPFs does not exist", ErrorPlace.Of(store.Describe(key)), "check --table-a");
    }

    /// <summary>
    /// Reads the whole list; see <see cref="CsvColumnParser"/> for the accepted formats.
    /// </summary>
    /// <param name="store">Where the list is.</param>
    /// <param name="list">The list, pinned.</param>
    /// <param name="keyColumn">Name of the key column.</param>
    /// <param name="cleaner">Makes keys.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    /// <exception cref="CorruptFileException">The gzip or the CSV format is broken; the message
    /// names the line.</exception>
    /// <exception cref="InputDataException">The header does not name the key column.</exception>
    public static async Task<KeyStatistics> ReadAsync(
        IObjectStore store, ObjectInfo list, string keyColumn, CpfCleaner cleaner, IKeySink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(list);
        var name = store.Describe(list.Key);
        var intake = new KeyIntake(cleaner, sink);
        var parser = new CsvColumnParser(new CsvSource(name, "list", keyColumn, "--key-column-a", NeedsHeader: false), intake.AddText);
        await TextObject.ReadAsync(store, list, parser.Feed, cancellationToken).ConfigureAwait(false);
        parser.Finish();
        return intake.Statistics;
    }
}
