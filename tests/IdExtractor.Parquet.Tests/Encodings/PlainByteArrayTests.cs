using System.Buffers.Binary;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

public class PlainByteArrayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Decode_ManyShapes_FindsEveryValue(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 70; count++)
        {
            var values = ValueTables.ByteArrays(random, count);
            using var page = new GuardedBuffer(PlainEncoders.ByteArrays(values), atEnd: true);
            var offsets = new int[count];
            var lengths = new int[count];

            for (var done = 0; done < count;)
            {
                var position = done == 0 ? 0 : offsets[done - 1] + lengths[done - 1];
                var batch = random.Next(1, count - done + 1);
                Assert.Equal(
                    DecodeStatus.Ok,
                    PlainByteArray.Decode(
                        page.Span, ref position, page.Span.Length, offsets.AsSpan(done, batch), lengths.AsSpan(done, batch)));
                done += batch;
                Assert.Equal(offsets[done - 1] + lengths[done - 1], position);
            }

            Assert.Equal(values, ValueTables.Cut(page.Span, offsets, lengths));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decode_DamagedPage_DoesAsTheScalarTwin(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var count = random.Next(1, 40);
            var bytes = PlainEncoders.ByteArrays(ValueTables.ByteArrays(random, count));
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var page = new GuardedBuffer(bytes.AsSpan(0, random.Next(bytes.Length + 1)), atEnd: true);
            var (fast, slow) = (0, 0);
            int[] fastOffsets = new int[count], fastLengths = new int[count], slowOffsets = new int[count], slowLengths = new int[count];

            var fastStatus = PlainByteArray.Decode(page.Span, ref fast, page.Span.Length, fastOffsets, fastLengths);
            var slowStatus = PlainByteArray.DecodeScalar(page.Span, ref slow, page.Span.Length, slowOffsets, slowLengths);

            Assert.Equal((slowStatus, slow), (fastStatus, fast));
            if (slowStatus == DecodeStatus.Ok)
            {
                Assert.Equal(slowOffsets, fastOffsets);
                Assert.Equal(slowLengths, fastLengths);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Skip_AnyCount_StopsWhereDecodingStops(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 70; count++)
        {
            using var page = new GuardedBuffer(PlainEncoders.ByteArrays(ValueTables.ByteArrays(random, 70)), atEnd: true);
            var (skipped, decoded) = (0, 0);

            Assert.Equal(DecodeStatus.Ok, PlainByteArray.Skip(page.Span, ref skipped, page.Span.Length, count));
            Assert.Equal(
                DecodeStatus.Ok, PlainByteArray.DecodeScalar(page.Span, ref decoded, page.Span.Length, new int[count], new int[count]));
            Assert.Equal(decoded, skipped);

            var tooMany = 0;
            Assert.Equal(DecodeStatus.InputTooShort, PlainByteArray.Skip(page.Span, ref tooMany, page.Span.Length, 71));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(15)]
    public void Decode_LengthOutOfRange_IsInvalidAtThatValue(int length)
    {
        for (var bad = 0; bad < 20; bad++)
        {
            var bytes = PlainEncoders.ByteArrays(Enumerable.Repeat(new byte[14], 20));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bad * 18), length == 15 ? (18 * (20 - bad)) - 3 : length);
            var position = 0;

            Assert.Equal(DecodeStatus.InvalidLength, PlainByteArray.Decode(bytes, ref position, bytes.Length, new int[20], new int[20]));
            Assert.Equal(bad * 18, position);
        }
    }

    [Fact]
    public void Decode_SectionOutsideOfPage_IsRefused()
    {
        foreach (var (start, end) in new[] { (-1, 4), (5, 4), (0, 9) })
        {
            var position = start;
            Assert.Equal(DecodeStatus.InvalidLength, PlainByteArray.Decode(new byte[8], ref position, end, new int[1], new int[1]));
            Assert.Equal(DecodeStatus.InvalidLength, PlainByteArray.Skip(new byte[8], ref position, end, 1));
        }
    }

    [Fact]
    public void Decode_BytesBehindTheSection_AreNotRead()
    {
        var bytes = PlainEncoders.ByteArrays(Enumerable.Repeat(new byte[3], 16));
        for (var end = 0; end < bytes.Length; end++)
        {
            var position = 0;
            var status = PlainByteArray.Decode(bytes, ref position, end, new int[16], new int[16]);
            Assert.Equal(end % 7 is 0 or < 4 ? DecodeStatus.InputTooShort : DecodeStatus.InvalidLength, status);
            Assert.Equal(end / 7 * 7, position);
        }
    }
}
