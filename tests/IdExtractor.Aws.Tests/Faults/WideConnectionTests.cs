using System.Net;
using System.Net.Sockets;
using IdExtractor.Aws.Connection;

namespace IdExtractor.Aws.Tests.Faults;

public sealed class WideConnectionTests
{
    [Fact]
    public async Task Widen_Connection_HasRoomAndIsWokenByOneByte()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var plain = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var wide = new Socket(SocketType.Stream, ProtocolType.Tcp);
        WideConnections.Widen(wide);
        await wide.ConnectAsync(listener.LocalEndpoint);
        using var server = await listener.AcceptSocketAsync();

        Assert.True(wide.ReceiveBufferSize >= plain.ReceiveBufferSize);
        var read = wide.ReceiveAsync(new byte[10]);
        Assert.False(read.IsCompleted);
        await server.SendAsync(new byte[1]);
        Assert.Equal(1, await read.WaitAsync(TimeSpan.FromMinutes(1)));
    }
}
