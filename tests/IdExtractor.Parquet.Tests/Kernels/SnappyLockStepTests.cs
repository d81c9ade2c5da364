using IdExtractor.Testing.Kernels;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed unsafe class SnappyLockStepTests
{
    [Theory]
    [InlineData(new byte[] { 0, (byte)'x', 1, 2 })]
    [InlineData(new byte[] { 0, (byte)'x', 1, 0 })]
    [InlineData(new byte[] { 0, (byte)'x', 2, 2, 0 })]
    [InlineData(new byte[] { 0, (byte)'x', 3, 1, 0, 0, 0x80 })]
    public void Run_OffsetBeforeTheStart_IsInvalid(byte[] head)
    {
        // Enough tags follow that the kernel itself meets the bad one.
        var tags = head.Concat(Enumerable.Repeat(new byte[] { 0, (byte)'y' }, 500).SelectMany(pair => pair)).ToArray();
        using var streams = Run(tags, outputLength: 505);
        Assert.Equal(DecodeStatus.InvalidOffset, streams.Status(0));
        Assert.Equal(1, streams.Output(0).Length);
    }

    [Fact]
    public void Run_OffsetsNearTheEndOfDeepHistory_AreHeldAgainstIt()
    {
        // 65,535 bytes of history are deep: every offset that fits a 2-byte tag is inside. One less
        // is not.
        var literal = Enumerable.Repeat((byte)'z', 65534).ToArray();
        byte[] tags = [61 << 2, 0xFD, 0xFF, .. literal, 2 | 3 << 2, 0xFF, 0xFF, .. Enumerable.Repeat((byte)0, 400)];
        using var streams = Run(tags, outputLength: 66000);
        Assert.Equal(DecodeStatus.InvalidOffset, streams.Status(0));
    }

    private static GuardedStreams Run(byte[] tags, int outputLength)
    {
        var streams = new GuardedStreams(new StreamText(CompressionCodec.Snappy, tags, new byte[outputLength]));
        streams.RunToEnd(LockStepCodec.Snappy.Run);
        return streams;
    }
}
