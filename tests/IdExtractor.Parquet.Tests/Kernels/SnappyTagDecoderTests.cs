using IdExtractor.Parquet.Kernels;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed unsafe class SnappyTagDecoderTests
{
    [Theory]
    [InlineData(false, DecodeStatus.Ok)]
    [InlineData(true, DecodeStatus.OutputTooLong)]
    public void Step_CopyWithoutRoom_FailsOnlyAtTheEndOfThePage(bool isOutputComplete, DecodeStatus expected)
    {
        // Four literal bytes, then a copy of eight at offset four, with room for ten.
        byte[] input = [3 << 2, 1, 2, 3, 4, 1 | 4 << 2, 4];
        var output = new byte[10];
        fixed (byte* from = input, to = output)
        {
            var stream = new PageStream
            {
                Input = from,
                InputEnd = from + input.Length,
                IsInputComplete = true,
                Output = to,
                OutputEnd = to + output.Length,
                IsOutputComplete = isOutputComplete,
                History = to,
            };

            Assert.True(SnappyTagDecoder.Step(ref stream));
            Assert.False(SnappyTagDecoder.Step(ref stream));
            Assert.Equal(expected, stream.Status);
        }
    }
}
