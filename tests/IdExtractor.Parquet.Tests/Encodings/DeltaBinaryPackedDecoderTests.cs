using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class DeltaBinaryPackedDecoderTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void Read_RandomValuesOfAllWriters_GivesAllInAnyBatches(int seed, bool is32Bit)
    {
        var random = new Random(seed);
        for (var round = 0; round < 150; round++)
        {
            var values = ValueTables.Integers(random, random.Next(4) == 0 ? random.Next(4) : random.Next(600), is32Bit);
            var shape = RandomShape(random);
            byte[] stream = PlainEncoders.DeltaBinaryPacked(values, is32Bit, shape);
            byte[] tail = shape.IsPadded ? [1, 2, 3] : [];
            using var page = new GuardedBuffer([7, 7, .. stream, .. tail], atEnd: true);

            var decoder = Decoder(page.Span, 2, is32Bit);
            Assert.Equal(values.Length, decoder.TotalCount);
            Assert.Equal(DecodeStatus.Ok, decoder.FindEnd(page.Span, out var end));
            Assert.Equal(2 + stream.Length, end);
            Assert.Equal(values, ReadWide(ref decoder, page.Span, values, random));
            Assert.Equal(DecodeStatus.Ok, decoder.FindEnd(page.Span, out end));
            Assert.Equal(2 + stream.Length, end);
            Assert.Equal(DecodeStatus.InputTooShort, decoder.Read(page.Span, new long[1]));
            Assert.Equal(DecodeStatus.InputTooShort, decoder.Skip(page.Span, 1));
            if (is32Bit)
            {
                decoder = Decoder(page.Span, 2, is32Bit);
                Assert.Equal(values, ReadNarrow(ref decoder, page.Span, values, random));
            }
        }
    }

    [Fact]
    public void Read_DifferencesOf33Bits_WrapInTheColumnsWidth()
    {
        // Spec section 11: such streams exist.
        long[] values = [int.MaxValue, int.MinValue, int.MaxValue, 0, int.MinValue, -1];
        var page = PlainEncoders.DeltaBinaryPacked(values, is32Bit: true, new PlainEncoders.DeltaShape(WrapsDeltas: false));
        var wide = new long[values.Length];
        var narrow = new int[values.Length];

        Assert.Contains((byte)33, page);
        Assert.Equal(DecodeStatus.Ok, Decoder(page, 0, true).Read(page, wide));
        Assert.Equal(DecodeStatus.Ok, Decoder(page, 0, true).Read(page, narrow));
        Assert.Equal(values, wide);
        Assert.Equal(values, narrow.Select(value => (long)value));
    }

    [Fact]
    public void Read_SixtyFourBitSums_AreCutTo32BitsInAnInt32Column()
    {
        var page = new EncodedBytes().AddVarint(8).AddVarint(1).AddVarint(3).AddZigZag(uint.MaxValue).AddZigZag(1L << 40).Add(0).ToArray();
        var wide = new long[3];
        var narrow = new int[3];

        Assert.Equal(DecodeStatus.Ok, Decoder(page, 0, true).Read(page, wide));
        Assert.Equal(DecodeStatus.Ok, Decoder(page, 0, true).Read(page, narrow));
        Assert.Equal([-1, -1, -1], wide);
        Assert.Equal([-1, -1, -1], narrow);
        Assert.Equal(DecodeStatus.Ok, Decoder(page, 0, false).Read(page, wide));
        Assert.Equal([uint.MaxValue, uint.MaxValue + (1L << 40), uint.MaxValue + (2L << 40)], wide);
    }

    [Fact]
    public void Read_NarrowFromInt64Column_IsUnsupported()
    {
        var page = PlainEncoders.DeltaBinaryPacked([1, 2], is32Bit: false);
        Assert.Equal(DecodeStatus.Unsupported, Decoder(page, 0, false).Read(page, new int[1]));
    }

    [Fact]
    public void Init_NoBytes_HasNoValues()
    {
        var decoder = Decoder([1, 2], 2, true);
        Assert.Equal(0, decoder.TotalCount);
        Assert.Equal(DecodeStatus.Ok, decoder.Read([1, 2], Span<long>.Empty));
        Assert.Equal(DecodeStatus.Ok, decoder.FindEnd([1, 2], out var end));
        Assert.Equal(2, end);
        Assert.Equal(DecodeStatus.InputTooShort, decoder.Read([1, 2], new int[1]));
    }

    [Theory]
    [InlineData(0, 4, 10)]
    [InlineData(128, 0, 10)]
    [InlineData(128, 3, 10)]
    [InlineData(130, 16, 10)]
    [InlineData(128, 32, 10)]
    [InlineData(128, 256, 10)]
    [InlineData(1L << 31, 4, 10)]
    [InlineData(128, 4, 1L << 31)]
    public void Init_HeaderOutOfRange_IsRefused(long blockLength, long miniblocks, long count)
    {
        var page = new EncodedBytes()
            .AddVarint((ulong)blockLength)
            .AddVarint((ulong)miniblocks)
            .AddVarint((ulong)count)
            .AddZigZag(1)
            .Add(new byte[200])
            .ToArray();
        Assert.Equal(DecodeStatus.InvalidHeader, default(DeltaBinaryPackedDecoder).Init(page, 0, page.Length, true));
    }

    [Fact]
    public void Init_NumberThatNeverEnds_IsRefused()
    {
        var page = Enumerable.Repeat((byte)0xFF, 50).ToArray();
        Assert.Equal(DecodeStatus.InvalidHeader, default(DeltaBinaryPackedDecoder).Init(page, 0, page.Length, true));
        Assert.Equal(DecodeStatus.InputTooShort, default(DeltaBinaryPackedDecoder).Init(page, 0, 4, true));
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(5, 4)]
    [InlineData(0, 9)]
    public void Init_ExtentOutsideOfPage_IsRefused(int start, int end) =>
        Assert.Equal(DecodeStatus.InvalidLength, default(DeltaBinaryPackedDecoder).Init(new byte[8], start, end, true));

    [Theory]
    [InlineData(65)]
    [InlineData(255)]
    public void Read_MiniblockTooWide_IsRefused(byte width)
    {
        var page = new EncodedBytes()
            .AddVarint(32)
            .AddVarint(1)
            .AddVarint(10)
            .AddZigZag(1)
            .AddZigZag(0)
            .Add(width)
            .Add(new byte[1000])
            .ToArray();
        Assert.Equal(DecodeStatus.InvalidBitWidth, Decoder(page, 0, true).Read(page, new int[10]));
        Assert.Equal(DecodeStatus.InvalidBitWidth, Decoder(page, 0, true).Skip(page, 2));
        Assert.Equal(DecodeStatus.InvalidBitWidth, Decoder(page, 0, true).FindEnd(page, out _));
        Assert.Equal(DecodeStatus.Ok, Decoder(page, 0, true).Read(page, new int[1]));
    }

    [Fact]
    public void Skip_TwoThousandMillionValuesWithoutBodies_TakesNoTimeThatFollowsTheirNumber()
    {
        var page = new EncodedBytes()
            .AddVarint(int.MaxValue - 7)
            .AddVarint(1)
            .AddVarint(int.MaxValue - 7)
            .AddZigZag(5)
            .AddZigZag(-3)
            .Add(0)
            .ToArray();
        var decoder = Decoder(page, 0, false);
        var last = new long[1];

        Assert.Equal(DecodeStatus.Ok, decoder.FindEnd(page, out var end));
        Assert.Equal(page.Length, end);
        Assert.Equal(DecodeStatus.Ok, decoder.Skip(page, int.MaxValue - 8));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, last));
        Assert.Equal([5 + (-3L * (int.MaxValue - 8))], last);
    }

    internal static PlainEncoders.DeltaShape RandomShape(Random random)
    {
        var (block, miniblocks) = random.Next(6) switch { 0 => (1024, 4), 1 => (8, 1), 2 => (256, 2), 3 => (128, 16), _ => (128, 4) };
        return new PlainEncoders.DeltaShape(
            block, miniblocks, random.Next(2) == 0, (byte)(random.Next(2) * random.Next(256)), random.Next(3) != 0);
    }

    private static DeltaBinaryPackedDecoder Decoder(ReadOnlySpan<byte> page, int start, bool is32Bit)
    {
        var decoder = default(DeltaBinaryPackedDecoder);
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, start, page.Length, is32Bit));
        return decoder;
    }

    private static long[] ReadWide(ref DeltaBinaryPackedDecoder decoder, ReadOnlySpan<byte> page, long[] values, Random random)
    {
        var read = new long[values.Length];
        for (var done = 0; done < read.Length;)
        {
            var batch = random.Next(1, read.Length - done + 1);
            if (random.Next(3) == 0)
            {
                Assert.Equal(DecodeStatus.Ok, decoder.Skip(page, batch));
                values.AsSpan(done, batch).CopyTo(read.AsSpan(done));
            }
            else
            {
                Assert.Equal(DecodeStatus.Ok, decoder.Read(page, read.AsSpan(done, batch)));
            }

            done += batch;
        }

        return read;
    }

    private static long[] ReadNarrow(ref DeltaBinaryPackedDecoder decoder, ReadOnlySpan<byte> page, long[] values, Random random)
    {
        var read = new int[values.Length];
        for (var done = 0; done < read.Length;)
        {
            var batch = random.Next(1, read.Length - done + 1);
            Assert.Equal(DecodeStatus.Ok, decoder.Read(page, read.AsSpan(done, batch)));
            done += batch;
        }

        return [.. read.Select(value => (long)value)];
    }
}
