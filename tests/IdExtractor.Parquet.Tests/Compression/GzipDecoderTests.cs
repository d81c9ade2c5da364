using System.Buffers.Binary;
using System.IO.Compression;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Parquet.Compression;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

/// <summary>GZIP pages by one backend.</summary>
public abstract class GzipDecoderTests(CodecBackend backend) : IDisposable
{
    private static readonly CompressionLevel[] Levels =
        [CompressionLevel.Optimal, CompressionLevel.Fastest, CompressionLevel.SmallestSize, CompressionLevel.NoCompression];

    private readonly GuardedDecoding _guarded = new(400_000);

    public enum Wrapping
    {
        Gzip,
        Zlib,
        Bare,
    }

    public void Dispose()
    {
        _guarded.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Wrapping.Gzip)]
    [InlineData(Wrapping.Zlib)]
    [InlineData(Wrapping.Bare)]
    public void Decode_StreamsOfTheRuntime_GivesTheirContent(Wrapping wrapping) => Seeded.ForEach(6000, 100, random =>
    {
        var content = SampleData.Any(random, random.Next(4) == 0 ? 300_000 : 5000);
        _guarded.AssertDecodes(Decode, Compress(wrapping, content, Levels[random.Next(Levels.Length)]), content);
    });

    [Fact]
    public void Decode_SeveralMembers_GivesAllOfThem() => Seeded.ForEach(6200, 100, random =>
    {
        var stream = new List<byte>();
        var expected = new List<byte>();
        for (var members = random.Next(1, 5); members > 0; members--)
        {
            var content = SampleData.Any(random, 3000);
            stream.AddRange(Member(content, random.Next(16) << 1));
            expected.AddRange(content);
        }

        _guarded.AssertDecodes(Decode, [.. stream], [.. expected]);
    });

    [Theory]
    [InlineData(Wrapping.Gzip)]
    [InlineData(Wrapping.Zlib)]
    [InlineData(Wrapping.Bare)]
    public void Decode_OtherSizesAndCuts_AreRefused(Wrapping wrapping) => Seeded.ForEach(6400, 10, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 300));
        _guarded.AssertRefusesOtherSizes(Decode, Compress(wrapping, content, Levels[random.Next(Levels.Length)]), content.Length);
    });

    [Theory]
    [InlineData(Wrapping.Gzip)]
    [InlineData(Wrapping.Zlib)]
    public void Decode_FlippedBits_NeverGivesOtherContent(Wrapping wrapping) => Seeded.ForEach(6500, 10, random =>
    {
        var content = SampleData.OfKind(random.Next(SampleData.KindCount), random, random.Next(1, 300));
        _guarded.FlipEveryBit(Decode, Compress(wrapping, content, CompressionLevel.Optimal), content.Length, mustNotDiffer: content);
    });

    [Fact]
    public void Decode_EveryHeaderField_IsPassedOverAndCutsAreSeen()
    {
        var content = "every optional field"u8;
        for (var flags = 0; flags < 32; flags += 2)
        {
            var member = Member(content, flags);
            _guarded.AssertDecodes(Decode, member, content);
            _guarded.AssertRefusesOtherSizes(Decode, member, content.Length);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Decode_WrongTrailer_IsChecksumMismatch(int fromEnd)
    {
        var member = Member("some content"u8, 0);
        member[^fromEnd] ^= 0x10;
        Assert.Equal(DecodeStatus.ChecksumMismatch, _guarded.Run(Decode, member, 12));
    }

    [Fact]
    public void Decode_WrongTrailerOfAnEarlierMember_IsChecksumMismatch()
    {
        var first = Member("some "u8, 0);
        first[^8] ^= 1;
        Assert.Equal(DecodeStatus.ChecksumMismatch, _guarded.Run(Decode, [.. first, .. Member("content"u8, 0)], 12));
    }

    [Fact]
    public void Decode_ManyEmptyMembers_EndsInTime()
    {
        // A decoder that began each time at the end of the input, or threw each time, would take
        // minutes for these.
        var member = Member([], 0);
        var stream = new byte[member.Length * 15_000];
        for (var at = 0; at < stream.Length; at += member.Length)
            member.CopyTo(stream, at);
        _guarded.AssertDecodes(Decode, stream, []);
    }

    [Fact]
    public void Decode_Bomb_StopsAtTheDeclaredSize()
    {
        var stream = Compress(Wrapping.Gzip, new byte[50_000_000], CompressionLevel.SmallestSize);
        Assert.Equal(DecodeStatus.OutputTooLong, _guarded.Run(Decode, stream, 100_000));
    }

    [Theory]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(DecodeStatus.InvalidHeader, new byte[] { 0x1F, 0x8B, 8, 0x20, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0 })]
    [InlineData(DecodeStatus.InputTooShort, new byte[] { 0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2 })]
    [InlineData(DecodeStatus.ChecksumMismatch, new byte[] { 0x1F, 0x8B, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(DecodeStatus.Unsupported, new byte[] { 0x78, 0x20, 0, 0, 0, 0, 3, 0 })]
    [InlineData(DecodeStatus.ChecksumMismatch, new byte[] { 0x78, 0x9C, 3, 0, 0, 0, 0, 2 })]
    [InlineData(DecodeStatus.InvalidLength, new byte[] { 0x78, 0x9C, 3, 0, 0, 0, 0, 1, 0 })]
    [InlineData(DecodeStatus.InvalidLength, new byte[] { 3, 0, 0 })]
    [InlineData(DecodeStatus.InvalidHeader,
        new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1F, 0x8C, 8, 0, 0, 0, 0, 0, 0, 0 })]
    public void Decode_BrokenWrapping_TellsHow(DecodeStatus expected, byte[] stream) =>
        Assert.Equal(expected, _guarded.Run(Decode, stream, 0));

    private static byte[] Compress(Wrapping wrapping, byte[] content, CompressionLevel level)
    {
        if (content.Length == 0)
        {
            // For empty input, the runtime writes no bytes at all.
            return wrapping switch { Wrapping.Gzip => Member(content, 0), Wrapping.Zlib => [0x78, 0x9C, 3, 0, 0, 0, 0, 1], _ => [3, 0] };
        }

        var stream = new MemoryStream();
        using (Stream encoder = wrapping switch
        {
            Wrapping.Gzip => new GZipStream(stream, level, leaveOpen: true),
            Wrapping.Zlib => new ZLibStream(stream, level, leaveOpen: true),
            _ => new DeflateStream(stream, level, leaveOpen: true),
        })
        {
            encoder.Write(content);
        }

        return stream.ToArray();
    }

    private static byte[] Member(ReadOnlySpan<byte> content, int flags)
    {
        byte[] extra = (flags & 4) != 0 ? [5, 0, (byte)'A', (byte)'B', 1, 0, 7] : [];
        byte[] name = (flags & 8) != 0 ? [.. "part-0.gz\0"u8] : [];
        byte[] comment = (flags & 16) != 0 ? [.. "\0"u8] : [];
        byte[] header = [0x1F, 0x8B, 8, (byte)flags, 1, 2, 3, 4, 0, 255, .. extra, .. name, .. comment];
        var headerCrc = new byte[(flags & 2) != 0 ? 2 : 0];
        if (headerCrc.Length != 0)
            BinaryPrimitives.WriteUInt16LittleEndian(headerCrc, (ushort)Crc32.Compute(header));
        var body = content.IsEmpty ? [3, 0] : Compress(Wrapping.Bare, content.ToArray(), CompressionLevel.Optimal);
        var trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.Compute(content));
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(4), content.Length);
        return [.. header, .. headerCrc, .. body, .. trailer];
    }

    private DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination) => GzipDecoder.Decode(backend, source, destination);
}

/// <summary>By the managed decoder.</summary>
public sealed class ManagedGzipDecoderTests() : GzipDecoderTests(CodecBackend.Managed);

/// <summary>By libdeflate; where that is absent, the managed decoder runs again.</summary>
public sealed class NativeGzipDecoderTests() : GzipDecoderTests(CodecBackend.Native);
