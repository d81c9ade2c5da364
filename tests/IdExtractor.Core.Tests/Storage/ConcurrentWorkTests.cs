using IdExtractor.Core.Storage;
using Xunit;

namespace IdExtractor.Core.Tests.Storage;

public sealed class ConcurrentWorkTests
{
    private const int AtOnce = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task ForAsync_SomeItemsWait_DoesEachOnce(int count)
    {
        var done = new int[count];

        await ConcurrentWork.ForAsync(count, AtOnce, async (i, _) =>
        {
            if (i % 3 == 1)
                await Task.Yield();
            Interlocked.Increment(ref done[i]);
        }, CancellationToken.None);

        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task ForAsync_FirstItemsNeedNoWaiting_TakesThemWhereItIsCalled()
    {
        var caller = Environment.CurrentManagedThreadId;
        var first = 0;

        await ConcurrentWork.ForAsync(2, AtOnce, (i, _) =>
        {
            if (i == 0)
                first = Environment.CurrentManagedThreadId;
            return ValueTask.CompletedTask;
        }, CancellationToken.None);

        Assert.Equal(caller, first);
    }

    [Fact]
    public async Task ForAsync_ItemsWait_WaitsForAsManyAsMayBeAtOnceAndNoMore()
    {
        var running = 0;
        var most = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await ConcurrentWork.ForAsync(20, AtOnce, async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == AtOnce)
                gate.TrySetResult();
            await gate.Task;
            Interlocked.Decrement(ref running);
        }, CancellationToken.None);

        Assert.Equal(AtOnce, most);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task ForAsync_OneItemFailsWhileOthersWait_EndsThemAndRaisesItsError(int bad)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = 0;

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ConcurrentWork.ForAsync(20, AtOnce, async (i, cancel) =>
        {
            if (i == bad)
            {
                await waiting.Task;
                throw new InvalidDataException("bad");
            }

            waiting.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        }, CancellationToken.None));

        Assert.Equal("bad", error.Message);
        Assert.InRange(ended, 1, AtOnce - 1);
    }

    [Fact]
    public async Task ForAsync_Cancelled_BeginsNothingMore()
    {
        using var stop = new CancellationTokenSource();
        var begun = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConcurrentWork.ForAsync(100, AtOnce, (i, _) =>
        {
            begun++;
            if (i == 2)
                stop.Cancel();
            return ValueTask.CompletedTask;
        }, stop.Token));

        Assert.Equal(3, begun);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; seen < value; seen = most)
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
