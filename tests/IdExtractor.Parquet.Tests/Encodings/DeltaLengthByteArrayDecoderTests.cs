using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class DeltaLengthByteArrayDecoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_RandomValuesInRandomBatches_FindsAll(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var values = ValueTables.ByteArrays(random, random.Next(500));
            var shape = DeltaBinaryPackedDecoderTests.RandomShape(random) with { IsPadded = true };
            using var page = new GuardedBuffer([5, .. PlainEncoders.DeltaLengthByteArray(values, shape)], atEnd: true);
            var decoder = default(DeltaLengthByteArrayDecoder);
            Assert.Equal(DecodeStatus.Ok, decoder.Init(page.Span, 1, page.Span.Length));
            Assert.Equal(values.Length, decoder.TotalCount);
            var read = new List<byte[]>();
            while (read.Count < values.Length)
            {
                var batch = random.Next(1, values.Length - read.Count + 1);
                int[] offsets = new int[batch], lengths = new int[batch];
                if (random.Next(3) == 0)
                {
                    Assert.Equal(DecodeStatus.Ok, decoder.Skip(page.Span, batch));
                    read.AddRange(values[read.Count..(read.Count + batch)]);
                }
                else
                {
                    Assert.Equal(DecodeStatus.Ok, decoder.Read(page.Span, offsets, lengths));
                    read.AddRange(ValueTables.Cut(page.Span, offsets, lengths));
                }
            }

            Assert.Equal(values, read);
            Assert.Equal(page.Span.Length, decoder.BytesPosition);
            Assert.Equal(DecodeStatus.InputTooShort, decoder.Skip(page.Span, 1));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(21)]
    public void Read_LengthOutOfRange_IsInvalid(int length)
    {
        for (var bad = 0; bad < 6; bad++)
        {
            var lengths = new long[] { 4, 4, 4, 4, 4, 4 };
            lengths[bad] = length;
            byte[] page = [.. PlainEncoders.DeltaBinaryPacked(lengths, is32Bit: true), .. new byte[24]];
            var decoder = default(DeltaLengthByteArrayDecoder);
            Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));
            Assert.Equal(DecodeStatus.InvalidLength, decoder.Read(page, new int[6], new int[6]));
            Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));
            Assert.Equal(DecodeStatus.InvalidLength, decoder.Skip(page, 6));
        }
    }

    [Fact]
    public void Read_LengthsThatWouldWrapToAPlaceInside_IsInvalid()
    {
        byte[] page = [.. PlainEncoders.DeltaBinaryPacked([.. Enumerable.Repeat((long)int.MaxValue, 4)], is32Bit: true), .. new byte[100]];
        var decoder = default(DeltaLengthByteArrayDecoder);
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));
        Assert.Equal(DecodeStatus.InvalidLength, decoder.Read(page, new int[4], new int[4]));
    }

    [Fact]
    public void Init_NoBytes_HasNoValues()
    {
        var decoder = default(DeltaLengthByteArrayDecoder);
        Assert.Equal(DecodeStatus.Ok, decoder.Init([], 0, 0));
        Assert.Equal(0, decoder.TotalCount);
        Assert.Equal(DecodeStatus.Ok, decoder.Read([], [], []));
        Assert.Equal(DecodeStatus.InputTooShort, decoder.Read([], new int[1], new int[1]));
    }
}
