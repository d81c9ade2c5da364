using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IdExtractor.Aws.Tests.Faults;

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

    /// <summary>Nothing comes after so many bytes of the body, and the connection stays open.</summary>
    public int? SilentAt { get; set; }

    /// <summary>It says when it was sent.</summary>
    public bool HasDate { get; set; } = true;

    /// <summary>An error as S3 words it.</summary>
    public static FaultReply Error(int status, string code, string message = "no")
    {
        var reply = new FaultReply { Status = status };
        reply.Headers["Content-Type"] = "application/xml";
        reply.Body = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message><RequestId>REQ1</RequestId></Error>");
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
        Headers["Content-Length"] = (ClaimedLength ?? Body.Length).ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in Headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), stop);
        if (isHead)
            return true;
        var count = Math.Min(ResetAt ?? SilentAt ?? Body.Length, Body.Length);
        await stream.WriteAsync(Body.AsMemory(0, count), stop);
        await stream.FlushAsync(stop);
        if (ResetAt is not null)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return false;
        }

        if (SilentAt is not null)
            await Task.Delay(Timeout.Infinite, stop);
        return ClaimedLength is null;
    }
}
