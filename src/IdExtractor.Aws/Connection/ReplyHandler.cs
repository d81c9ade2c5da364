using IdExtractor.Aws.Requests;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Reads every reply into memory before the SDK sees it, except the bodies of objects, which their
/// readers watch. The SDK reads documents without limit of time or size and without heeding a
/// cancel: a reply that stalls would block the run forever, and one that never ends would fill the
/// memory.
/// </summary>
internal sealed class ReplyHandler(RequestTuning tuning, TimeProvider clock, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>
    /// An error document has some hundred bytes. One that is longer than this is dropped, and its
    /// status alone counts.
    /// </summary>
    private const long MostErrorBytes = 1 << 20;

    /// <summary>
    /// A page of 1000 keys of 1024 characters, each escaped, has some 10 MB; one of 1000 partitions
    /// less.
    /// </summary>
    private const long MostDocumentBytes = 32 << 20;

    private const int BlockBytes = 16 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var reply = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (request.Method == HttpMethod.Head)
                RequireLength(reply);
            else if (!(reply.IsSuccessStatusCode && IsOfObject(request)))
                await BufferAsync(request, reply, cancellationToken).ConfigureAwait(false);
            return reply;
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    // Objects are read by ranges, and nothing else is.
    private static bool IsOfObject(HttpRequestMessage request) => request.Method == HttpMethod.Get && request.Headers.Contains("Range");

    // The SDK would take a missing length for 0, and an object for an empty one.
    private static void RequireLength(HttpResponseMessage reply)
    {
        if (reply.IsSuccessStatusCode && reply.Content.Headers.ContentLength is null)
            throw new FalseReplyException("a reply to HEAD without Content-Length");
    }

    private async Task BufferAsync(HttpRequestMessage request, HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        var most = reply.IsSuccessStatusCode ? MostDocumentBytes : MostErrorBytes;
        var body = reply.Content.Headers.ContentLength > most
            ? null
            : await ReadAsync(request, reply.Content, most, cancellationToken).ConfigureAwait(false);
        if (body is null && reply.IsSuccessStatusCode)
            throw new FalseReplyException($"a document of more than {most} bytes");
        var content = body is null ? new ByteArrayContent([]) : new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        foreach (var (name, values) in reply.Content.Headers)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                content.Headers.TryAddWithoutValidation(name, values);
        }

        // What was not read cannot be followed by another reply: disposing closes the connection
        // then.
        reply.Content.Dispose();
        reply.Content = content;
    }

    // Null when there is more than that. A service that works on a copy or a completion sends
    // blanks to keep the connection alive, so that only the deadline of the whole request watches
    // those.
    private async Task<MemoryStream?> ReadAsync(HttpRequestMessage request, HttpContent content, long most,
        CancellationToken cancellationToken)
    {
        var isWatched = request.Method == HttpMethod.Get;
        using var watch = new Attempt(isWatched ? tuning.SilenceTimeout : Timeout.InfiniteTimeSpan, clock, cancellationToken);
        if (isWatched)
            watch.Watch(tuning.SilenceTimeout, tuning.QuotaBytes);
        try
        {
            var stream = await content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            var body = new MemoryStream(BlockBytes);
            var block = new byte[BlockBytes];
            while (await stream.ReadAsync(block, watch.Token).ConfigureAwait(false) is > 0 and var count)
            {
                if (body.Length + count > most)
                    return null;
                body.Write(block, 0, count);
                watch.Advance(count);
            }

            return body;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The reply is too slow.", error);
        }
    }
}
