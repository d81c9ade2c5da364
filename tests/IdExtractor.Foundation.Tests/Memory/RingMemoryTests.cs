using IdExtractor.Foundation.Memory;
using Xunit;

namespace IdExtractor.Foundation.Tests.Memory;

public sealed unsafe class RingMemoryTests
{
    private const int Size = 1 << 16;

    [Fact]
    public void TryCreate_OnLinux_IsTheSameMemoryTwice()
    {
        using var ring = RingMemory.TryCreate(Size);
        if (!OperatingSystem.IsLinux())
        {
            Assert.Null(ring);
            return;
        }

        Assert.NotNull(ring);
        var twice = new Span<byte>(ring.Pointer, 2 * Size);
        Assert.Equal(-1, twice.IndexOfAnyExcept((byte)0));
        new Random(1).NextBytes(twice[(Size / 2)..(Size + (Size / 2))]);
        Assert.True(twice[..Size].SequenceEqual(twice[Size..]));
        Assert.NotEqual(-1, twice[..64].IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Size + 1)]
    [InlineData(0)]
    public void TryCreate_SizesThatCannotBe_GivesNone(int size) => Assert.Null(RingMemory.TryCreate(size));

    [Fact]
    public void Dispose_Twice_IsDisposed()
    {
        var ring = RingMemory.TryCreate(Size);
        ring?.Dispose();
        ring?.Dispose();
        Assert.True(ring is null || ring.Pointer is null);
    }
}
