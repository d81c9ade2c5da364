using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IdExtractor.Testing.S3;

/// <summary>A reply, and how it is spoilt on the way.</summary>
internal sealed class FaultReply
{
    public int Status { get; init; } = 200;

    public Dictionary<string, string> Headers { get; } = [];

    public byte[] Body { get; set; } = [];

    /// <summary>The length that the headers claim; the body's when null.</summary>
    public long? ClaimedLength { get; set; }

    /// <summary>The connection is reset after so many bytes of the body.</summary>
    public int? ResetAt { get; set; }

    /// <summary>
    /// Nothing comes after so many bytes of the body, and the connection stays open.
    /// </summary>
    public int? SilentAt { get; set; }

    /// <summary>
    /// The body comes byte by byte, with such a pause after each; all at once when null.
    /// </summary>
    public TimeSpan? Pause { get; set; }

    /// <summary>
    /// The body comes so many times, one after another; its length is claimed for all of them.
    /// </summary>
    public int Times { get; set; } = 1;

    /// <summary>Bytes of the body that the client, or the buffers in between, have taken.</summary>
    public long Sent { get; private set; }

    /// <summary>
    /// Whether the reply states the length of its body; if not, the body comes in chunks.
    /// </summary>
    public bool HasLength { get; set; } = true;

    /// <summary>Whether the reply states when it was sent.</summary>
    public bool HasDate { get; set; } = true;

    /// <summary>An error as S3 words it.</summary>
    public static FaultReply Error(int status, string code, string message = "no")
    {
        var reply = new FaultReply { Status = status };
        reply.Headers["Content-Type"] = "application/xml";
        reply.Body = Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message><RequestId>REQ1</RequestId></Error>");
        return reply;
    }

    /// <summary>An XML document.</summary>
    public static FaultReply Xml(string document)
    {
        var reply = new FaultReply { Body = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + document) };
        reply.Headers["Content-Type"] = "application/xml";
        return reply;
    }

    /// <summary>Sends it.</summary>
    /// <returns>False when the connection is of no more use.</returns>
    public async Task<bool> SendAsync(Socket socket, Stream stream, bool isHead, CancellationToken stop)
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} x\r\n");
        Headers.TryAdd("x-amz-request-id", "REQ1");
        if (HasDate)
            Headers.TryAdd("Date", DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        if (HasLength)
            Headers["Content-Length"] = (ClaimedLength ?? (long)Body.Length * Times).ToString(CultureInfo.InvariantCulture);
        else if (!isHead)
            Headers["Transfer-Encoding"] = "chunked";
        foreach (var (name, value) in Headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), stop);
        if (isHead)
            return true;
        var count = Math.Min(ResetAt ?? SilentAt ?? Body.Length, Body.Length);
        if (HasLength)
            await SendBodyAsync(stream, count, stop);
        else
            await SendChunksAsync(stream, stop);
        if (ResetAt is not null)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return false;
        }

        if (SilentAt is not null)
            await Task.Delay(Timeout.Infinite, stop);
        return ClaimedLength is null;
    }

    private async Task SendBodyAsync(Stream stream, int count, CancellationToken stop)
    {
        var step = Pause is null ? Math.Max(count, 1) : 1;
        for (var time = 0; time < Times; time++)
        {
            for (var at = 0; at < count; at += step)
            {
                await stream.WriteAsync(Body.AsMemory(at, Math.Min(step, count - at)), stop);
                await stream.FlushAsync(stop);
                Sent += Math.Min(step, count - at);
                if (Pause is { } pause)
                    await Task.Delay(pause, stop);
            }
        }
    }

    private async Task SendChunksAsync(Stream stream, CancellationToken stop)
    {
        foreach (var part in Body.Chunk(700))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), stop);
            await stream.WriteAsync(part, stop);
            await stream.WriteAsync("\r\n"u8.ToArray(), stop);
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), stop);
    }
}
