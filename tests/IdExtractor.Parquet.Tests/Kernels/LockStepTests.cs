using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Kernels;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

/// <summary>What holds of the lock-step kernels of all codecs.</summary>
public sealed unsafe class LockStepTests
{
    [Theory]
    [InlineData(CompressionCodec.Snappy, 1)]
    [InlineData(CompressionCodec.Snappy, 2)]
    [InlineData(CompressionCodec.Snappy, 3)]
    [InlineData(CompressionCodec.Lz4Raw, 1)]
    [InlineData(CompressionCodec.Lz4Raw, 2)]
    [InlineData(CompressionCodec.Lz4Raw, 3)]
    public void Run_WholeStreams_GivesWhatTheyMean(CompressionCodec codec, int count)
    {
        var kernel = LockStepCodec.Of(codec);
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, count).Select(_ => kernel.Make(random, random.Next(1, 200_000))).ToArray();
            using var streams = new GuardedStreams(texts);
            streams.RunToEnd(kernel.Run);
            AssertSound(texts, streams, seed);
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy, 1, 1)]
    [InlineData(CompressionCodec.Snappy, 7, 300)]
    [InlineData(CompressionCodec.Snappy, 300, 5)]
    [InlineData(CompressionCodec.Snappy, 4096, 1000)]
    [InlineData(CompressionCodec.Lz4Raw, 1, 1)]
    [InlineData(CompressionCodec.Lz4Raw, 7, 300)]
    [InlineData(CompressionCodec.Lz4Raw, 300, 5)]
    [InlineData(CompressionCodec.Lz4Raw, 4096, 1000)]
    public void Run_InputAndOutputInPieces_GivesWhatTheyMean(CompressionCodec codec, int outputStep, int inputStep)
    {
        var kernel = LockStepCodec.Of(codec);
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, LockStep.MaxStreams).Select(_ => kernel.Make(random, 5000)).ToArray();
            using var streams = new GuardedStreams(texts);
            streams.RunToEnd(kernel.Run, outputStep, inputStep, seed);
            AssertSound(texts, streams, seed);
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4Raw)]
    public void Run_FlippedBytes_AgreesWithTheTwin(CompressionCodec codec)
    {
        var kernel = LockStepCodec.Of(codec);
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, 2).Select(_ => kernel.Make(random, 3000)).ToArray();
            texts[0].Compressed[random.Next(texts[0].Compressed.Length)] ^= (byte)(1 << random.Next(8));
            using var streams = new GuardedStreams(texts);
            streams.RunToEnd(kernel.Run);
            using var twin = new GuardedStreams(texts[0]);
            twin.RunTwinsToEnd();
            Assert.Equal(twin.Status(0), streams.Status(0));
            Assert.True(twin.Output(0).SequenceEqual(streams.Output(0)), $"seed {seed}");
            Assert.True(texts[1].Output.AsSpan().SequenceEqual(streams.Output(1)), $"seed {seed}: the other stream suffers");
        }
    }

    [Fact]
    public void Run_StreamsOfBothCodecs_TakesEachByItsKernel()
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, LockStep.MaxStreams)
                .Select(_ => (random.Next(2) == 0 ? LockStepCodec.Snappy : LockStepCodec.Lz4).Make(random, random.Next(1, 20_000)))
                .ToArray();
            using var streams = new GuardedStreams(texts);
            streams.RunToEnd(LockStep.Run, outputStep: 4096, inputStep: 3000, seed);
            AssertSound(texts, streams, seed);
        }
    }

    private static void AssertSound(StreamText[] texts, GuardedStreams streams, int seed)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.True(texts[i].Output.AsSpan().SequenceEqual(streams.Output(i)), $"seed {seed}, stream {i} of {texts.Length}");
            Assert.Equal(DecodeStatus.Ok, streams.End(i));
        }
    }
}
