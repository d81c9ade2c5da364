using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Kernels;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed unsafe class SnappyPairLockStepTests
{
    private static readonly LockStepCodec s_pairs = LockStepCodec.SnappyPairs;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RunSnappy_WholeStreams_GivesWhatTheyMean(int count) => Check(count, longest: 200_000, int.MaxValue, int.MaxValue);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 300)]
    [InlineData(300, 5)]
    [InlineData(4096, 1000)]
    public void RunSnappy_InputAndOutputInPieces_GivesWhatTheyMean(int outputStep, int inputStep) =>
        Check(LockStep.MaxStreams, longest: 5000, outputStep, inputStep);

    [Fact]
    public void RunSnappy_FlippedBytes_AgreesWithTheReference()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, 2).Select(_ => s_pairs.Make(random, seed % 10 == 0 ? 80_000 : 3000)).ToArray();
            texts[0].Compressed[random.Next(texts[0].Compressed.Length)] ^= (byte)(1 << random.Next(8));
            using var streams = new GuardedStreams(texts);
            streams.RunToEnd(s_pairs.Run);
            using var reference = new GuardedStreams(texts[0]);
            reference.RunTwinsToEnd();
            Assert.Equal(reference.Status(0), streams.Status(0));
            Assert.True(reference.Output(0).SequenceEqual(streams.Output(0)), $"seed {seed}");
            Assert.True(texts[1].Output.AsSpan().SequenceEqual(streams.Output(1)), $"seed {seed}: the other stream suffers");
        }
    }

    /// <summary>
    /// A pair at the end of deep history, whose copy begins before it by one byte.
    /// </summary>
    [Fact]
    public void RunSnappy_OffsetBeforeTheStart_IsInvalid()
    {
        var literal = Enumerable.Repeat((byte)'z', 65_530).ToArray();
        byte[] tags = [61 << 2, 0xF9, 0xFF, .. literal, 2 << 2, 1, 2, 3, 2 | 4 << 2, 0xFE, 0xFF, .. Enumerable.Repeat((byte)0, 400)];
        using var streams = new GuardedStreams(new StreamText(CompressionCodec.Snappy, tags, new byte[66_000]));
        streams.RunToEnd(s_pairs.Run);
        Assert.Equal(DecodeStatus.InvalidOffset, streams.Status(0));
    }

    /// <summary>Words keep the credit of their page, other tags use it up.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RunSnappy_PairsOrNot_KeepsOrSpendsTheCredit(bool areWords)
    {
        var random = new Random(1);
        var text = areWords ? SnappyText.MakeWords(random, 400_000, exceptions: 1) : SnappyText.Make(random, 400_000);
        using var streams = new GuardedStreams(new StreamText(CompressionCodec.Snappy, text.Tags, text.Output));
        var credit = SnappyPairLockStep.FullCredit;
        streams.RunToEnd((waiting, count) =>
        {
            for (var i = 0; i < count; i++)
                waiting[i]->PairCredit = credit;
            LockStep.RunSnappy(waiting, count);
            credit = waiting[0]->PairCredit;
        });
        Assert.True(text.Output.AsSpan().SequenceEqual(streams.Output(0)));
        if (SnappyPairLockStep.IsSupported)
            Assert.Equal(areWords, credit > 0);
    }

    private static void Check(int count, int longest, int outputStep, int inputStep)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, count).Select(_ => s_pairs.Make(random, random.Next(1, longest))).ToArray();
            using var streams = new GuardedStreams(texts);
            streams.RunToEnd(s_pairs.Run, outputStep, inputStep, seed);
            for (var i = 0; i < count; i++)
            {
                Assert.True(texts[i].Output.AsSpan().SequenceEqual(streams.Output(i)), $"seed {seed}, stream {i} of {count}");
                Assert.Equal(DecodeStatus.Ok, streams.End(i));
            }
        }
    }
}
