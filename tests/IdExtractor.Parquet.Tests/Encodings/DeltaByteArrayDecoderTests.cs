using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class DeltaByteArrayDecoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_RandomValuesArenasAndBatches_GivesAll(int seed)
    {
        var random = new Random(seed);
        var decoder = default(DeltaByteArrayDecoder);
        for (var round = 0; round < 100; round++)
        {
            var values = ValueTables.ByteArrays(random, random.Next(700));
            var shape = DeltaBinaryPackedDecoderTests.RandomShape(random) with { IsPadded = true };
            using var page = new GuardedBuffer([5, .. PlainEncoders.DeltaByteArray(values, shape)], atEnd: true);
            Assert.Equal(DecodeStatus.Ok, decoder.Init(page.Span, 1, page.Span.Length));
            Assert.Equal(values.Length, decoder.TotalCount);

            Assert.Equal(values, ReadAll(ref decoder, page.Span, values.Length, random));
            var used = 0;
            Assert.Equal(
                DecodeStatus.InputTooShort, decoder.Read(page.Span, new byte[10], ref used, new int[1], new int[1], out var decoded));
            Assert.Equal((0, 0), (used, decoded));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Join_RandomLengthsMostlySound_DoesAsTheScalarTwin(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var count = random.Next(40);
            var longest = random.Next(1, 40);
            using var page = new GuardedBuffer(ValueTables.Bytes(random, random.Next(600)), atEnd: round % 2 == 0);
            using var fastArena = new GuardedBuffer(random.Next(600), atEnd: true);
            var slowArena = new byte[fastArena.Span.Length];
            var previous = ValueTables.Bytes(random, random.Next(30));
            var prefixes = Enumerable.Range(0, count)
                .Select(_ => random.Next(30) == 0 ? random.Next(-2, 100) : random.Next(round % 3 == 0 ? 20 : 3))
                .ToArray();
            var suffixes = Enumerable.Range(0, count)
                .Select(_ => random.Next(30) == 0 ? random.Next(-2, 100) : random.Next(2, longest + 2))
                .ToArray();
            var (slowOffsets, slowLengths) = (prefixes.ToArray(), suffixes.ToArray());
            var start = random.Next(Math.Min(page.Span.Length, round % 4 == 0 ? 16 : 600) + 1);
            var used = random.Next(fastArena.Span.Length + 1);
            var fast = new PrefixJoiner(page.Span, start, fastArena.Span, used, previous);
            var slow = new PrefixJoiner(page.Span, start, slowArena, used, previous);

            var fastStatus = fast.Join(prefixes, suffixes, out var fastCount);
            var slowStatus = slow.JoinScalar(slowOffsets, slowLengths, out var slowCount);

            Assert.Equal((slowStatus, slowCount), (fastStatus, fastCount));
            Assert.Equal((slow.SuffixPosition, slow.ArenaUsed), (fast.SuffixPosition, fast.ArenaUsed));
            Assert.Equal(slow.Previous.ToArray(), fast.Previous.ToArray());
            Assert.Equal(slowOffsets[..slowCount], prefixes[..slowCount]);
            Assert.Equal(slowLengths[..slowCount], suffixes[..slowCount]);
            Assert.Equal(slowArena[used..slow.ArenaUsed], fastArena.Span[used..fast.ArenaUsed].ToArray());
        }
    }

    [Fact]
    public void Read_ArenaTooSmallForOneValue_LeavesItForALargerOne()
    {
        byte[][] values = [[1, 2, 3], ValueTables.Bytes(new Random(1), 50), [4]];
        var page = PlainEncoders.DeltaByteArray(values);
        var decoder = default(DeltaByteArrayDecoder);
        int[] offsets = new int[3], lengths = new int[3];
        var used = 0;
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));

        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, new byte[2], ref used, offsets, lengths, out var decoded));
        Assert.Equal((0, 0), (decoded, used));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, new byte[52], ref used, offsets, lengths, out decoded));
        Assert.Equal((1, 3), (decoded, used));
        used = 0;
        var arena = new byte[51];
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, arena, ref used, offsets.AsSpan(0, 2), lengths.AsSpan(0, 2), out decoded));
        Assert.Equal((2, 51), (decoded, used));
        Assert.Equal(values[1..], ValueTables.Cut(arena, offsets[..2], lengths[..2]));
    }

    [Fact]
    public void Read_BytesOfTheArenaInUse_AreLeftAlone()
    {
        byte[][] values = [[1, 2, 3], [1, 2, 4, 5]];
        var page = PlainEncoders.DeltaByteArray(values);
        var decoder = default(DeltaByteArrayDecoder);
        var arena = Enumerable.Repeat((byte)0xEE, 100).ToArray();
        var used = 60;
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, arena, ref used, new int[2], new int[2], out var decoded));
        Assert.Equal((2, 67), (decoded, used));
        Assert.All(arena[..60], value => Assert.Equal(0xEE, value));
        Assert.Equal([1, 2, 3, 1, 2, 4, 5], arena[60..67]);
    }

    [Theory]
    [InlineData(new long[] { 1, 0 }, new long[] { 3, 3 })]
    [InlineData(new long[] { -1, 0 }, new long[] { 3, 3 })]
    [InlineData(new long[] { 0, 4 }, new long[] { 3, 3 })]
    [InlineData(new long[] { 0, -2147483648 }, new long[] { 3, 3 })]
    [InlineData(new long[] { 0, 2147483647 }, new long[] { 3, 3 })]
    [InlineData(new long[] { 0, 0 }, new long[] { 3, -1 })]
    [InlineData(new long[] { 0, 0 }, new long[] { -3, 3 })]
    [InlineData(new long[] { 0, 2 }, new long[] { 3, 98 })]
    [InlineData(new long[] { 0, 2 }, new long[] { 3, 2147483647 })]
    public void Read_PrefixOrSuffixOutOfRange_IsInvalid(long[] prefixes, long[] suffixes)
    {
        byte[] page = [
            .. PlainEncoders.DeltaBinaryPacked(prefixes, true), .. PlainEncoders.DeltaBinaryPacked(suffixes, true), .. new byte[100]
        ];
        var decoder = default(DeltaByteArrayDecoder);
        var used = 0;
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));
        Assert.Equal(DecodeStatus.InvalidLength, decoder.Read(page, new byte[1000], ref used, new int[2], new int[2], out var decoded));
        Assert.Equal((0, 0), (used, decoded));
    }

    [Fact]
    public void Init_StreamsOfDifferentCounts_IsRefused()
    {
        byte[] page = [
            .. PlainEncoders.DeltaBinaryPacked([0, 0], true), .. PlainEncoders.DeltaBinaryPacked([1, 1, 1], true), .. new byte[100]
        ];
        Assert.Equal(DecodeStatus.InvalidHeader, default(DeltaByteArrayDecoder).Init(page, 0, page.Length));
    }

    [Fact]
    public void Init_AfterAnotherPage_ForgetsItsLastValue()
    {
        var first = PlainEncoders.DeltaByteArray([[1, 2, 3]]);
        byte[] second = [.. PlainEncoders.DeltaBinaryPacked([2], true), .. PlainEncoders.DeltaBinaryPacked([1], true), 9];
        var decoder = default(DeltaByteArrayDecoder);
        var used = 0;
        Assert.Equal(DecodeStatus.Ok, decoder.Init(first, 0, first.Length));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(first, new byte[10], ref used, new int[1], new int[1], out _));
        Assert.Equal(DecodeStatus.Ok, decoder.Init(second, 0, second.Length));
        Assert.Equal(DecodeStatus.InvalidLength, decoder.Read(second, new byte[10], ref used, new int[1], new int[1], out _));
    }

    private static List<byte[]> ReadAll(ref DeltaByteArrayDecoder decoder, ReadOnlySpan<byte> page, int count, Random random)
    {
        var read = new List<byte[]>();
        var room = random.Next(3000);
        while (read.Count < count)
        {
            var batch = random.Next(1, count - read.Count + 1);
            int[] offsets = new int[batch], lengths = new int[batch];
            using var arena = new GuardedBuffer(room, atEnd: true);
            var used = random.Next(3) == 0 ? room / 2 : 0;
            var start = used;

            Assert.Equal(DecodeStatus.Ok, decoder.Read(page, arena.Span, ref used, offsets, lengths, out var decoded));

            Assert.Equal(used - start, lengths.Take(decoded).Sum());
            read.AddRange(ValueTables.Cut(arena.Span, offsets[..decoded], lengths[..decoded]));
            if (decoded == 0)
                room = (2 * room) + 1;
        }

        return read;
    }
}
