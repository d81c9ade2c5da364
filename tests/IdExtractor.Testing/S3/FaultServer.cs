using System.Net;
using System.Net.Sockets;

namespace IdExtractor.Testing.S3;

/// <summary>
/// One bucket of an S3 over real HTTP that does what no emulator can be asked for: it resets, falls
/// silent, lies, and loses replies, at requests that a test chooses.
/// </summary>
internal sealed class FaultServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<FaultRequest> _log = [];

    public FaultServer()
    {
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>What it holds.</summary>
    public FaultBucket Bucket { get; } = new();

    /// <summary>
    /// Answers a request in place of the bucket; null to let the bucket answer. Called for one
    /// request at a time.
    /// </summary>
    public Func<FaultRequest, FaultReply?> Before { get; set; } = _ => null;

    /// <summary>
    /// Spoils what the bucket answered, which has taken place; null loses the reply. Called for one
    /// request at a time.
    /// </summary>
    public Func<FaultRequest, FaultReply, FaultReply?> After { get; set; } = (_, reply) => reply;

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<FaultRequest> Log
    {
        get
        {
            lock (_gate)
                return [.. _log];
        }
    }

    /// <summary>An object, between requests; null when there is none.</summary>
    public FaultObject? Find(string key)
    {
        lock (_gate)
            return Bucket.Objects.GetValueOrDefault(key);
    }

    /// <summary>Puts an object in, or takes it out when null, between requests.</summary>
    public void Set(string key, FaultObject? found)
    {
        lock (_gate)
        {
            if (found is null)
                Bucket.Remove(key);
            else
                Bucket.Put(key, found.Bytes, found.Metadata);
        }
    }

    /// <summary>Requests of one operation so far, without those of the output's check.</summary>
    public int Count(string operation) => Log.Count(request => request.Operation == operation && !request.IsOfOutputCheck);

    /// <summary>
    /// Requests of one operation so far that checked whether the output can be written.
    /// </summary>
    public int CountOfCheck(string operation) => Log.Count(request => request.Operation == operation && request.IsOfOutputCheck);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                using var stream = new NetworkStream(socket);
                while (await FaultRequest.ReadAsync(stream) is { } request)
                {
                    var reply = Answer(request);
                    if (reply is null || !await reply.SendAsync(socket, stream, request.Method == "HEAD", _stop.Token))
                        return;
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private FaultReply? Answer(FaultRequest request)
    {
        lock (_gate)
        {
            _log.Add(request);
            request.Number = _log.Count;
            request.Classify(request.Query.TryGetValue("uploadId", out var upload) ? Bucket.HasMetadata(upload) : null);
            if (!request.IsOfOutputCheck)
                request.OfOperation = _counts[request.Operation] = _counts.GetValueOrDefault(request.Operation) + 1;
            return Before(request) is { } instead ? instead : After(request, Bucket.Answer(request));
        }
    }
}
