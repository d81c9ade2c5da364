using IdExtractor.Core.Scan;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

public sealed class ScanQueueTests
{
    [Fact]
    public void TryTake_AllSettled_EndsWhenEmpty()
    {
        var queue = new ScanQueue([RowGroup(1), RowGroup(2)]);
        Assert.True(queue.TryTake(out var first));
        queue.Settle([]);
        Assert.True(queue.TryTake(out var second));
        queue.Settle([]);
        Assert.Equal([1, 2], new[] { first.RowGroup.Index, second.RowGroup.Index });
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public async Task TryTake_EmptyWhileOneIsUnsettled_WaitsForItsParts()
    {
        var queue = new ScanQueue([RowGroup(1)]);
        Assert.True(queue.TryTake(out _));
        var other = Task.Run(() => queue.TryTake(out var task) ? task.RowGroup.Index : -1);
        Assert.False(other.IsCompleted);
        queue.Settle([RowGroup(7)]);
        Assert.Equal(7, await other);
    }

    [Fact]
    public async Task TryTake_EmptyWhileOneIsUnsettled_EndsWhenItHasNoParts()
    {
        var queue = new ScanQueue([RowGroup(1)]);
        Assert.True(queue.TryTake(out _));
        var others = Enumerable.Range(0, 3).Select(_ => Task.Run(() => queue.TryTake(out var _))).ToArray();
        queue.Settle([]);
        Assert.All(await Task.WhenAll(others), Assert.False);
    }

    private static ScanTask RowGroup(int index) => new(null!, new RowGroup(index, 0, []));
}
