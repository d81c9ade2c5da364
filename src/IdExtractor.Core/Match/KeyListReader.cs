using System.IO.Compression;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Match;

/// <summary>Reads Table A from a text list: <c>*.csv</c> or <c>*.txt</c>, gzipped or not (spec section 2).</summary>
public static class KeyListReader
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The reference names a list and not a folder of Parquet files, by its extension.</summary>
    public static bool IsKeyList(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var name = IsGzip(reference) ? reference[..^3] : reference;
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The list's size and version, which every read must find.</summary>
    /// <exception cref="ConfigurationException">There is no such object.</exception>
    public static async Task<ObjectInfo> PinAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.HeadAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw new ConfigurationException("The list of CPFs does not exist", ErrorPlace.Of(store.Describe(key)), "check --table-a");
    }

    /// <summary>Reads the whole list; see <see cref="KeyListParser"/> for what it may look like.</summary>
    /// <param name="store">Where the list is.</param>
    /// <param name="list">The list, pinned.</param>
    /// <param name="keyColumn">Name of the key column.</param>
    /// <param name="cleaner">Makes keys.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    /// <exception cref="CorruptFileException">The gzip or the CSV format is broken; the message names the line.</exception>
    /// <exception cref="InputDataException">The header does not name the key column.</exception>
    public static async Task<KeyStatistics> ReadAsync(
        IObjectStore store, ObjectInfo list, string keyColumn, CpfCleaner cleaner, IKeySink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(list);
        var name = store.Describe(list.Key);
        var intake = new KeyIntake(cleaner, sink);
        var parser = new KeyListParser(name, keyColumn, intake.AddText);
        var reader = await store.OpenAsync(list.Key, list.Stamp, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (IsGzip(list.Key))
                await FeedGzipAsync(reader, parser, name, cancellationToken).ConfigureAwait(false);
            else
                await FeedAsync(new ObjectStream(reader, default), parser.Feed, cancellationToken).ConfigureAwait(false);
        }

        parser.Finish();
        return intake.Statistics;
    }

    private static async Task FeedGzipAsync(IObjectReader reader, KeyListParser parser, string name, CancellationToken cancellationToken)
    {
        var end = new GzipEnd(parser.Feed);
        try
        {
            var stream = new GZipStream(new ObjectStream(reader, GzipEnd.Member), CompressionMode.Decompress);
            await using (stream.ConfigureAwait(false))
            {
                await FeedAsync(stream, end.Feed, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException e)
        {
            throw Damaged(name, e);
        }

        if (!end.IsWhole)
            throw Damaged(name, null);
    }

    private static async Task FeedAsync(Stream stream, BytesHandler next, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            next(buffer.AsSpan(0, count));
    }

    private static CorruptFileException Damaged(string name, Exception? inner) =>
        new("The gzip file is damaged or cut", ErrorPlace.Of(name), "write the list again", inner);

    private static bool IsGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
