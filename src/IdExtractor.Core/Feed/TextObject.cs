using System.IO.Compression;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Reads a pinned object as text, from first to last byte, decompressing it when its name ends with
/// <c>.gz</c>.
/// </summary>
internal static class TextObject
{
    private const int BufferBytes = 1 << 16;

    /// <summary>True when the name indicates that the object is gzipped.</summary>
    public static bool IsGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Passes the whole text to <paramref name="next"/>, piece by piece.</summary>
    /// <exception cref="CorruptFileException">The gzip file is damaged or truncated.</exception>
    public static async Task ReadAsync(IObjectStore store, ObjectInfo text, BytesHandler next, CancellationToken cancellationToken)
    {
        var reader = await store.OpenAsync(text, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (IsGzip(text.Key))
                await FeedGzipAsync(reader, next, store.Describe(text.Key), cancellationToken).ConfigureAwait(false);
            else
                await FeedAsync(new ObjectStream(reader, default), next, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task FeedGzipAsync(IObjectReader reader, BytesHandler next, string name, CancellationToken cancellationToken)
    {
        var end = new GzipEnd(next);
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
        new("The gzip file is damaged or cut", ErrorPlace.Of(name), "write the file again", inner);
}
