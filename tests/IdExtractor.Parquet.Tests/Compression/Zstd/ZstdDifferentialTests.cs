using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

/// <summary>The managed decoder against libzstd, over frames that libzstd writes.</summary>
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

    // Corrupt frames without a checksum: libzstd lets some pass that break the format. What both let pass must be the same.
    [LibzstdFact]
    public void Decode_CorruptFrame_GivesWhatLibzstdGives() => Seeded.ForEach(22_000, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 3000));
        var frame = ZstdTestEncoder.CompressAnyWay(random, content);
        for (var run = 0; run < 300; run++)
        {
            var corrupt = frame.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                corrupt[random.Next(corrupt.Length)] ^= (byte)(1 << random.Next(8));
            var status = _guarded.Run(ManagedZstd.Decode, corrupt, content.Length, out var output);
            var reference = _guarded.Run(NativeZstd.Decode, corrupt, content.Length, out var referenceOutput);
            if (status == DecodeStatus.Ok)
            {
                Assert.Equal(DecodeStatus.Ok, reference);
                Assert.True(output.AsSpan().SequenceEqual(referenceOutput), "The outputs differ.");
            }
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

    [LibzstdFact]
    public void DecodeNext_IntoAWindowThatSlides_GivesTheContent() => Seeded.ForEach(24_000, 40, random =>
    {
        const int WindowLog = 12;
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, 100_000);
        var frame = ZstdTestEncoder.Compress(
            content, random.Next(1, 9000), (ZstdParameter.WindowLog, WindowLog), (ZstdParameter.Level, random.Next(1, 20)), (ZstdParameter.ContentSize, 0));
        ReadOnlySpan<byte> source = frame.AsSpan(4);
        Assert.Equal(DecodeStatus.Ok, ZstdFrameHeader.Read(ref source, out var header));
        Assert.Equal(1ul << WindowLog, header.WindowSize);

        // Room for the window and one block: before each block all but the window is dropped.
        var window = new byte[2 << WindowLog];
        var position = 0;
        var decoded = new List<byte>();
        var blocks = new ZstdBlockDecoder();
        blocks.Begin(header.WindowSize);
        bool isLast;
        do
        {
            var keep = Math.Min(position, 1 << WindowLog);
            window.AsSpan(position - keep, keep).CopyTo(window);
            window.AsSpan(keep).Fill(0xEE);
            position = keep;
            Assert.Equal(DecodeStatus.Ok, blocks.DecodeNext(ref source, window, 0, position, out var written, out isLast));
            decoded.AddRange(window.AsSpan(position, written));
            position += written;
        }
        while (!isLast);
        Assert.True(source.IsEmpty);
        Assert.True(content.AsSpan().SequenceEqual(decoded.ToArray()), "The content differs.");
    });
}
