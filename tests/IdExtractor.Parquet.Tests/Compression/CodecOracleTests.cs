using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using K4os.Compression.LZ4;
using Snappier;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

/// <summary>Snappy and LZ4 against the two libraries for them that are written in C#.</summary>
public sealed class CodecOracleTests : IDisposable
{
    private static readonly LZ4Level[] s_levels = [LZ4Level.L00_FAST, LZ4Level.L03_HC, LZ4Level.L09_HC, LZ4Level.L12_MAX];

    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [Fact]
    public void Snappy_StreamsOfSnappier_GiveTheirContent() => Seeded.ForEach(31_000, 300, random =>
    {
        var content = SampleData.Any(random, random.Next(4) == 0 ? 300_000 : 5000);
        _guarded.AssertDecodes(SnappyDecoder.Decode, Snappy.CompressToArray(content), content);
    });

    // Snappier also accepts streams that go on after the output is complete, so only what we accept
    // is compared.
    [Fact]
    public void Snappy_FlippedBits_GiveWhatSnappierGives() => Seeded.ForEach(31_400, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 2000));
        var stream = Snappy.CompressToArray(content);
        for (var run = 0; run < 100; run++)
        {
            var corrupt = stream.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                corrupt[random.Next(corrupt.Length)] ^= (byte)(1 << random.Next(8));
            var status = _guarded.Run(SnappyDecoder.Decode, corrupt, content.Length, out var output);
            if (status == DecodeStatus.Ok)
                Assert.True(
                    output.AsSpan().SequenceEqual(ByOracle(corrupt, content.Length)),
                    "The outputs differ, or the oracle refuses the stream.");
        }
    });

    [Fact]
    public void Lz4_BlocksOfK4os_GiveTheirContent() => Seeded.ForEach(32_000, 300, random =>
    {
        var content = SampleData.Any(random, random.Next(4) == 0 ? 300_000 : 5000);
        _guarded.AssertDecodes(Lz4BlockDecoder.Decode, Compress(content, s_levels[random.Next(s_levels.Length)]), content);
    });

    // Its decoder does not check the end of a block as strictly, so only what we accept is
    // compared.
    [Fact]
    public void Lz4_FlippedBits_GiveWhatK4osGives() => Seeded.ForEach(32_400, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 2000));
        var block = Compress(content, LZ4Level.L00_FAST);
        var expected = new byte[content.Length];
        for (var run = 0; run < 100; run++)
        {
            var corrupt = block.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                corrupt[random.Next(corrupt.Length)] ^= (byte)(1 << random.Next(8));
            if (_guarded.Run(Lz4BlockDecoder.Decode, corrupt, content.Length, out var output) == DecodeStatus.Ok
                && LZ4Codec.Decode(corrupt, expected) == content.Length)
            {
                Assert.True(output.AsSpan().SequenceEqual(expected), "The outputs differ.");
            }
        }
    });

    private static byte[] Compress(byte[] content, LZ4Level level)
    {
        var block = new byte[LZ4Codec.MaximumOutputSize(content.Length)];
        return content.Length == 0 ? [0] : block[..LZ4Codec.Encode(content, block, level)];
    }

    private static byte[]? ByOracle(byte[] stream, int length)
    {
        try
        {
            return Snappy.GetUncompressedLength(stream) == length
                && Snappy.DecompressToArray(stream) is var content
                && content.Length == length
                ? content
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
