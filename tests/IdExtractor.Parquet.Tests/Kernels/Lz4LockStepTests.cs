using IdExtractor.Testing.Kernels;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed unsafe class Lz4LockStepTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(ushort.MaxValue)]
    public void Run_OffsetBeforeTheStart_IsInvalid(int offset)
    {
        // Enough sequences follow that the kernel itself meets the bad one.
        var encoder = new Lz4TestEncoder().RawSequence("x"u8, offset, 4);
        for (var i = 0; i < 500; i++)
            encoder.RawSequence("y"u8, 1, 4);
        using var streams = Run(encoder.Block, outputLength: 3000);
        Assert.Equal(DecodeStatus.InvalidOffset, streams.Status(0));
        Assert.Equal(1, streams.Output(0).Length);
    }

    [Theory]
    [InlineData(ushort.MaxValue - 1, 0, DecodeStatus.InvalidOffset)]
    [InlineData(ushort.MaxValue - 1, 1, DecodeStatus.Ok)]
    [InlineData(ushort.MaxValue, 0, DecodeStatus.Ok)]
    public void Run_LongestOffset_IsHeldAgainstTheHistory(int before, int literals, DecodeStatus expected)
    {
        // The literals of the sequence itself belong to what it may reach.
        var encoder = new Lz4TestEncoder()
            .RawSequence(SampleData.Noise(new Random(1), before - 4), 1, 4)
            .RawSequence(new byte[literals], ushort.MaxValue, 4);
        for (var i = 0; i < 100; i++)
            encoder.RawSequence("z"u8, 1000, 9);
        using var streams = Run(encoder.Block, outputLength: before + literals + 4 + (100 * 10));
        Assert.Equal(expected, streams.Status(0));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(4096)]
    public void Run_LiteralsAndMatchLongerThanInputAndRoom_GoOnWhereTheyStopped(int step)
    {
        var random = new Random(step);
        var encoder = new Lz4TestEncoder().Sequence(SampleData.Noise(random, 70_000), 65_535, 100_000).Sequence(""u8, 7, 5000);
        encoder.Sequence(SampleData.Noise(random, 15), 1, 19).Last(SampleData.Noise(random, 300));
        var text = new StreamText(CompressionCodec.Lz4Raw, encoder.Block, encoder.Expected);
        using var streams = new GuardedStreams(text, text, text);
        streams.RunToEnd(LockStepCodec.Lz4.Run, outputStep: step, inputStep: step);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(encoder.Expected.AsSpan().SequenceEqual(streams.Output(i)));
            Assert.Equal(DecodeStatus.Ok, streams.End(i));
        }
    }

    private static GuardedStreams Run(byte[] block, int outputLength)
    {
        var streams = new GuardedStreams(new StreamText(CompressionCodec.Lz4Raw, block, new byte[outputLength]));
        streams.RunToEnd(LockStepCodec.Lz4.Run);
        return streams;
    }
}
