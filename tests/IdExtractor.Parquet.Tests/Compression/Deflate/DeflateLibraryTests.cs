using System.IO.Compression;
using IdExtractor.Parquet.Compression.Deflate;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Deflate;

/// <summary>libdeflate against the managed decoder, which is the reference.</summary>
public sealed class DeflateLibraryTests : IDisposable
{
    private readonly GuardedDecoding _guarded = new(400_000);

    public void Dispose() => _guarded.Dispose();

    [LibdeflateFact]
    public void TryDecode_StreamOfAnyLevel_GivesWhatTheReferenceGives() => Seeded.ForEach(11_000, 300, random =>
    {
        var content = SampleData.Any(random, random.Next(4) == 0 ? 300_000 : 5000);
        byte[] followed = [.. Deflate(content, random.Next(10)), .. SampleData.Noise(random, random.Next(20))];
        AssertAgrees(followed, content.Length + random.Next(3), mustSucceed: true);
    });

    [LibdeflateFact]
    public void TryDecode_FlippedBits_AcceptsWhatTheReferenceAccepts() => Seeded.ForEach(11_400, 60, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 3000));
        var stream = Deflate(content, random.Next(1, 10));
        for (var run = 0; run < 300; run++)
        {
            var corrupt = stream.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                corrupt[random.Next(corrupt.Length)] ^= (byte)(1 << random.Next(8));
            AssertAgrees(corrupt, content.Length);
        }
    });

    [LibdeflateFact]
    public void TryDecode_Noise_AcceptsWhatTheReferenceAccepts() => Seeded.ForEach(11_500, 5000, random =>
    {
        var stream = SampleData.Noise(random, random.Next(1, 120));
        stream[0] = (byte)((stream[0] & 0xF8) | (random.Next(2) == 0 ? 0b101 : 0b011));
        AssertAgrees(stream, random.Next(400));
    });

    [LibdeflateFact]
    public void TryDecode_CutStream_IsRefused()
    {
        var content = SampleData.OfKind(0, new Random(1), 2000);
        var stream = Deflate(content, 6);
        for (var cut = 0; cut < stream.Length; cut++)
            Assert.False(DeflateLibrary.Instance!.TryDecode(stream.AsSpan(0, cut), new byte[content.Length], out _, out _));
        Assert.False(DeflateLibrary.Instance!.TryDecode(stream, new byte[content.Length - 1], out _, out _));
    }

    private static byte[] Deflate(byte[] content, int level)
    {
        var stream = new MemoryStream();
        using (var encoder = new DeflateStream(stream, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
            encoder.Write(content);
        return content.Length == 0 ? [3, 0] : stream.ToArray();
    }

    // Both run between guard pages. The library may accept a stream that breaks the format, never
    // the other way round.
    private void AssertAgrees(byte[] stream, int room, bool mustSucceed = false)
    {
        var (consumed, written, libraryConsumed, libraryWritten) = (0, 0, 0, 0);
        var status = _guarded.Run(
            (source, destination) =>
            {
                var result = InflateDecoder.Current.Decode(source, destination, out consumed, out written);
                destination[(result == DecodeStatus.Ok ? written : 0)..].Clear();
                return result;
            },
            stream,
            room,
            out var output);
        var isAccepted = false;
        _guarded.Run(
            (source, destination) =>
            {
                isAccepted = DeflateLibrary.Instance!.TryDecode(source, destination, out libraryConsumed, out libraryWritten);
                destination[(isAccepted ? libraryWritten : 0)..].Clear();
                return isAccepted ? DecodeStatus.Ok : DecodeStatus.InvalidValue;
            },
            stream,
            room,
            out var libraryOutput);
        if (mustSucceed)
            Assert.Equal(DecodeStatus.Ok, status);
        if (status != DecodeStatus.Ok)
            return;
        Assert.True(isAccepted, "The library refuses what the reference accepts.");
        Assert.Equal((consumed, written), (libraryConsumed, libraryWritten));
        Assert.True(output.AsSpan(0, written).SequenceEqual(libraryOutput.AsSpan(0, written)), "The outputs differ.");
    }
}

/// <summary>A fact that needs libdeflate; skipped where it is absent, unless CI is true.</summary>
public sealed class LibdeflateFactAttribute : FactAttribute
{
    public LibdeflateFactAttribute()
    {
        if (DeflateLibrary.Instance is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "libdeflate is not installed; CI=true demands it.";
    }
}
