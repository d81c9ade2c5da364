using IdExtractor.Testing.Buffers;
using Xunit;

namespace IdExtractor.Foundation.Tests.Memory;

public sealed unsafe class GuardedArenaTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void Spans_OfAnyLength_TouchTheGuardPages(int length)
    {
        using var buffer = new GuardedArena(length);
        var first = buffer.BeginningAtGuard(length);
        var last = buffer.EndingAtGuard(length);
        first.Fill(1);
        last.Fill(2);

        fixed (byte* start = first)
            Assert.True(start == null || (nint)start % Environment.SystemPageSize == 0);
        fixed (byte* start = last)
            Assert.True(start == null || (nint)(start + length) % Environment.SystemPageSize == 0);
        Assert.True(buffer.Capacity >= length && buffer.Capacity < length + Environment.SystemPageSize);
    }

    [Fact]
    public void Spans_LongerThanTheBuffer_AreRefused()
    {
        using var buffer = new GuardedArena(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => { buffer.EndingAtGuard(buffer.Capacity + 1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { buffer.BeginningAtGuard(-1); });
    }
}
