using System.Buffers.Binary;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Buffers;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed unsafe class PlainWalkTests
{
    [Fact]
    public void Skip_RandomLengths_AgreesWithTheTwin()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var values = Plain(random, random.Next(0, 120), mixed: seed % 3 != 0);
            using var buffer = new GuardedBuffer(values.Length, atEnd: true);
            values.CopyTo(buffer.Span);
            fixed (byte* data = buffer.Span)
            {
                for (var length = 0; length <= values.Length; length += random.Next(1, 9))
                {
                    var count = random.Next(0, 130);
                    var expected = PlainWalk.SkipEach(data, length, count, out var expectedBytes);
                    var actual = PlainWalk.Skip(data, length, count, out var bytes);
                    Assert.True(
                        expected == actual && expectedBytes == bytes,
                        $"seed {seed}, length {length}, count {count}: {actual} values, {bytes} bytes");
                }
            }
        }
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0x8000_0000u)]
    [InlineData(5u)]
    public void Skip_LengthPastTheEnd_StopsBeforeIt(uint lie)
    {
        var values = Plain(new Random(1), 10, mixed: false);
        BinaryPrimitives.WriteUInt32LittleEndian(values.AsSpan(values.Length - 8), lie);
        fixed (byte* data = values)
        {
            Assert.Equal(9, PlainWalk.Skip(data, values.Length, 10, out var bytes));
            Assert.Equal(values.Length - 8, bytes);
        }
    }

    /// <summary>PLAIN byte arrays of four bytes each, or of 0 to 20 bytes.</summary>
    internal static byte[] Plain(Random random, int count, bool mixed)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            var length = mixed && random.Next(4) == 0 ? random.Next(0, 21) : 4;
            bytes.AddRange(BitConverter.GetBytes(length));
            for (var j = 0; j < length; j++)
                bytes.Add((byte)random.Next(256));
        }

        return [.. bytes];
    }
}
