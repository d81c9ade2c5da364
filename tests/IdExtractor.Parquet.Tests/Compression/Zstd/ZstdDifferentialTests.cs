using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

/// <summary>The C# translation against libzstd, over frames that libzstd writes.</summary>
public sealed class ZstdDifferentialTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(1_200_000);

    public void Dispose() => _guarded.Dispose();

    [LibzstdFact]
    public void Decode_AnyFrame_GivesItsContentByBoth() => Seeded.ForEach(20_000, 500, random =>
    {
        var content = SampleData.Any(random, random.Next(10) == 0 ? 1_000_000 : 20_000);
        var frame = ZstdTestEncoder.CompressAnyWay(random, content);
        _guarded.AssertDecodes(ManagedZstd.Decode, frame, content);
        _guarded.AssertDecodes(NativeZstd.Decode, frame, content);
    });

    [LibzstdFact]
    public void Decode_EveryLevelAndKind_GivesTheContent()
    {
        for (var level = -5; level <= 19; level++)
        {
            for (var kind = 0; kind < SampleData.KindCount; kind++)
            {
                var content = SampleData.OfKind(kind, new Random(level), 30_000 + (level * 1000));
                var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.Level, level), (ZstdParameter.Checksum, 1));
                _guarded.AssertDecodes(ManagedZstd.Decode, frame, content);
            }
        }
    }

    [LibzstdFact]
    public void Decode_OtherSizesAndCuts_AreRefusedByBoth() => Seeded.ForEach(21_000, 15, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 1000));
        var frame = ZstdTestEncoder.CompressAnyWay(random, content);
        _guarded.AssertRefusesOtherSizes(ManagedZstd.Decode, frame, content.Length);
        _guarded.AssertRefusesOtherSizes(NativeZstd.Decode, frame, content.Length);
    });

    // Without a checksum, versions of the library decode some corrupt frames to different bytes.
    // With one, what either accepts is what was compressed.
    [LibzstdFact]
    public void Decode_CorruptFrameWithChecksum_IsRefusedOrSound() => Seeded.ForEach(22_000, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 3000));
        var frame = ZstdTestEncoder.Compress(content, null, (ZstdParameter.Level, random.Next(1, 20)), (ZstdParameter.Checksum, 1));
        for (var run = 0; run < 300; run++)
        {
            var corrupt = frame.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                corrupt[random.Next(corrupt.Length)] ^= (byte)(1 << random.Next(8));
            if (_guarded.Run(ManagedZstd.Decode, corrupt, content.Length, out var output) == DecodeStatus.Ok)
                Assert.True(output.AsSpan().SequenceEqual(content), "The managed decoder accepts other bytes.");
            if (_guarded.Run(NativeZstd.Decode, corrupt, content.Length, out output) == DecodeStatus.Ok)
                Assert.True(output.AsSpan().SequenceEqual(content), "libzstd accepts other bytes.");
        }
    });

    [LibzstdFact]
    public void Decode_SeveralFrames_GivesAllOfThem() => Seeded.ForEach(23_000, 50, random =>
    {
        var stream = new List<byte>();
        var expected = new List<byte>();
        for (var frames = random.Next(1, 5); frames > 0; frames--)
        {
            var content = SampleData.Any(random, 20_000);
            if (random.Next(2) == 0)
                stream.AddRange([(byte)(0x50 + random.Next(16)), 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9]);
            stream.AddRange(ZstdTestEncoder.CompressAnyWay(random, content));
            expected.AddRange(content);
        }

        _guarded.AssertDecodes(ManagedZstd.Decode, [.. stream], [.. expected]);
        _guarded.AssertDecodes(NativeZstd.Decode, [.. stream], [.. expected]);
    });

    [LibzstdTheory]
    [InlineData(CodecBackend.Managed)]
    [InlineData(CodecBackend.Native)]
    public unsafe void TryDecode_IntoMemoryThatWrapsAround_GivesTheContent(CodecBackend backend) => Seeded.ForEach(24_000, 40, random =>
    {
        const int WindowLog = 17;
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, 1_000_000);
        var frame = ZstdTestEncoder.Compress(
            content, random.Next(1, 90_000), (ZstdParameter.WindowLog, WindowLog), (ZstdParameter.Level, random.Next(1, 20)),
            (ZstdParameter.ContentSize, 0));
        using var blocks = new ZstdBlocks(ZstdPageDecoder.FunctionsOf(backend)!);
        blocks.Begin();
        Assert.True(blocks.TryBeginFrame(frame, out var window));
        Assert.Equal(1ul << WindowLog, window);

        // Room for the window and two blocks, which the output goes around several times.
        blocks.Memory.Reserve((1 << WindowLog) + (2 * ZstdBlocks.MaxBlock) + 64, keep: 0);
        var decoded = new List<byte>();
        var (at, position) = (0, 0);
        fixed (byte* source = frame)
        {
            while (!blocks.IsBetweenFrames)
            {
                if (blocks.Memory.Capacity - at < ZstdBlocks.MaxBlock)
                    at = 0;
                var wanted = blocks.Wanted;
                Assert.InRange(wanted, 1, frame.Length - position);
                Assert.True(
                    blocks.TryDecode(source + position, wanted, blocks.Memory.Pointer + at, blocks.Memory.Capacity - at, out var produced));
                decoded.AddRange(new ReadOnlySpan<byte>(blocks.Memory.Pointer + at, produced));
                position += wanted;
                at += produced;
            }
        }

        Assert.Equal(frame.Length, position);
        Assert.True(content.AsSpan().SequenceEqual(decoded.ToArray()), "The content differs.");
    });
}
