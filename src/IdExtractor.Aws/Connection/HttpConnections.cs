using System.Net;
using Amazon.Runtime;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// The one pool of connections that all clients of a run share. Waiting times are the callers'
/// business, so that the pool itself has none.
/// </summary>
internal sealed class HttpConnections : HttpClientFactory, IDisposable
{
    /// <summary>Connections are renewed, so that a run follows the endpoint's addresses.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    private readonly CountingHandler _handler;

    public HttpConnections(RequestTuning tuning, RunProgress progress, ServerClock serverClock, TimeProvider clock, Func<HostRules> hosts)
    {
        var sockets = new HostGuard(hosts, NewSockets(tuning));
        _handler = new CountingHandler(progress, serverClock, new RefusalHandler(new ReplyHandler(tuning, clock, sockets)));
    }

    private static SocketsHttpHandler NewSockets(RequestTuning tuning) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = WideConnections.ConnectAsync,
        ConnectTimeout = tuning.ConnectTimeout,
        MaxConnectionsPerServer = tuning.Connections,
        PooledConnectionLifetime = s_lifetime,
        UseCookies = false,
    };

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => _handler.Dispose();
}
