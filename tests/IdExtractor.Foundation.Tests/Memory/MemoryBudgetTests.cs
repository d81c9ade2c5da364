using IdExtractor.Foundation.Memory;
using Xunit;

namespace IdExtractor.Foundation.Tests.Memory;

public sealed class MemoryBudgetTests
{
    [Fact]
    public void TryReserve_GrowingBuffers_TakeTheirShareAndReturnIt()
    {
        var budget = new MemoryBudget(1000);
        using var first = new NativeBuffer();
        using var second = new NativeBuffer();
        Assert.True(first.TryReserve(budget, 300, keep: 0));
        Assert.Equal(300, budget.Used);

        // The buffer doubles while there is room, and otherwise grows to the requested size.
        Assert.True(first.TryReserve(budget, 301, keep: 300));
        Assert.Equal((600, 600L), (first.Capacity, budget.Used));
        Assert.True(second.TryReserve(budget, 390, keep: 0));
        Assert.True(second.TryReserve(budget, 400, keep: 0));
        Assert.Equal((400, 1000L), (second.Capacity, budget.Used));

        Assert.False(first.TryReserve(budget, 601, keep: 0));
        Assert.Equal((600, 1000L), (first.Capacity, budget.Used));
        second.TrimTo(0);
        Assert.Equal(600, budget.Used);
        Assert.True(first.TryReserve(budget, 601, keep: 600));
        ((IDisposable)first).Dispose();
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void TryReserve_BufferThatBeganWithoutABudget_PaysForWhatItGrowsOnly()
    {
        var budget = new MemoryBudget(100);
        using var buffer = new NativeBuffer(1000);
        Assert.True(buffer.TryReserve(budget, 1000, keep: 0));
        Assert.Equal(0, budget.Used);
        Assert.True(buffer.TryReserve(budget, 1100, keep: 1000));
        Assert.Equal(100, budget.Used);
        Assert.False(buffer.TryReserve(budget, 1101, keep: 0));
    }

    [Fact]
    public void TryReserve_AnotherBudget_GetsBackWhatTheFirstPaid()
    {
        var (first, second) = (new MemoryBudget(100), new MemoryBudget(500));
        using var buffer = new NativeBuffer();
        Assert.True(buffer.TryReserve(first, 100, keep: 0));
        Assert.True(buffer.TryReserve(second, 300, keep: 0));
        Assert.Equal((0L, 300L), (first.Used, second.Used));
    }

    [Fact]
    public void TrimTo_LargeBlock_WaitsForTheNextBufferOfAboutItsSize()
    {
        const int Megabyte = 1 << 20;
        var budget = new MemoryBudget(100 * Megabyte);
        using var first = new NativeBuffer();
        using var second = new NativeBuffer();
        using var third = new NativeBuffer();
        Assert.True(first.TryReserve(budget, (9 * Megabyte) - 5, keep: 0));
        Assert.Equal((9 * Megabyte, 9L * Megabyte), (first.Capacity, budget.Used));
        first.TrimTo(Megabyte);
        Assert.Equal((0L, 9L * Megabyte), (budget.Used, budget.Idle));

        Assert.True(second.TryReserve(budget, 4 * Megabyte, keep: 0));
        Assert.Equal((4L * Megabyte, 9L * Megabyte), (budget.Used, budget.Idle));
        Assert.True(third.TryReserve(budget, 8 * Megabyte, keep: 0));
        Assert.Equal((9 * Megabyte, 13L * Megabyte, 0L), (third.Capacity, budget.Used, budget.Idle));
        third.GetSpan().Fill(1);
    }

    [Fact]
    public void TryReserve_RoomOfIdleBlocks_IsFreedFirst()
    {
        const int Megabyte = 1 << 20;
        var budget = new MemoryBudget(10 * Megabyte);
        using var first = new NativeBuffer();
        using var second = new NativeBuffer();
        Assert.True(first.TryReserve(budget, 4 * Megabyte, keep: 0));
        first.TrimTo(0);
        Assert.Equal(4L * Megabyte, budget.Idle);
        Assert.True(second.TryReserve(budget, 10 * Megabyte, keep: 0));
        Assert.Equal((10L * Megabyte, 0L), (budget.Used, budget.Idle));
        second.TrimTo(0);
        Assert.Equal((0L, 10L * Megabyte), (budget.Used, budget.Idle));
        budget.ReleaseIdle();
        Assert.Equal(0, budget.Idle);
    }

    [Fact]
    public void TrimTo_SmallBlockOrNoLimit_LeavesNothingIdle()
    {
        var budget = new MemoryBudget(10 << 20);
        using var small = new NativeBuffer();
        using var unlimited = new NativeBuffer();
        Assert.True(small.TryReserve(budget, 1000, keep: 0));
        Assert.True(unlimited.TryReserve(MemoryBudget.Unlimited, 2 << 20, keep: 0));
        small.TrimTo(0);
        unlimited.TrimTo(0);
        Assert.Equal((0L, 0L), (budget.Idle, MemoryBudget.Unlimited.Idle));
    }

    [Fact]
    public async Task TryReserve_ManyThreads_NeverShareABlock()
    {
        var budget = new MemoryBudget(12 << 20);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(number => Task.Run(() =>
        {
            using var buffer = new NativeBuffer();
            for (var i = 0; i < 200; i++)
            {
                if (!buffer.TryReserve(budget, (2 << 20) + (i << 10), keep: 0))
                    continue;
                buffer.GetSpan()[..4096].Fill((byte)number);
                Thread.Yield();
                Assert.Equal(4096, buffer.GetSpan()[..4096].Count((byte)number));
                buffer.TrimTo(0);
            }
        })));
        Assert.Equal(0, budget.Used);
        Assert.InRange(budget.Idle, 0, budget.Limit);
    }

    [Fact]
    public async Task TryTake_FromManyThreads_NeverGivesMoreThanThereIs()
    {
        var budget = new MemoryBudget(10);
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                if (!budget.TryTake(4))
                    continue;
                Assert.InRange(Interlocked.Add(ref taken, 4), 4, 10);
                Interlocked.Add(ref taken, -4);
                budget.Return(4);
            }
        })));
        Assert.Equal(0, budget.Used);
    }
}
