using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Read;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Decorators;
using Xunit;

namespace IdExtractor.Core.Tests.Read;

public sealed class ReadAheadTests
{
    private static readonly ReadCost s_near = new(TimeSpan.Zero, 1);

    // One byte of gap: latency times bandwidth.
    private static readonly ReadCost s_far = new(TimeSpan.FromMilliseconds(1), 1000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Read_AnyPlanByManyReaders_GivesTheBytesOfTheFile(int seed)
    {
        var random = new Random(seed);
        var recorded = new RecordingObjectStore(new MemoryObjectStore());
        var files = new List<(PlannedFile File, byte[] Bytes)>();
        for (var i = 0; i < 4; i++)
            files.Add(await FileAsync(new DistantStore(recorded, random.Next(2) == 0 ? s_near : s_far), $"f{i}", random.Next(1, 60_000), random));
        var plan = files.SelectMany(file => Chunks(file.File, random)).ToList();
        var limits = new ReadAheadLimits(BudgetBytes: random.Next(1, 30_000), BlockBytes: random.Next(1, 5_000));
        var progress = new RunProgress();
        var next = -1;
        const int Readers = 3;
        using var ahead = new ReadAhead(plan, limits, progress, CancellationToken.None);

        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Factory.StartNew(
            () =>
            {
                var dice = new Random((seed * 100) + reader);
                using var source = new ObjectChunkSource(progress, CancellationToken.None);
                for (int turn; (turn = Interlocked.Increment(ref next)) < plan.Count;)
                {
                    var range = plan[turn];
                    if (dice.Next(10) > 0)
                        Check(source, ahead, range, files.Single(file => ReferenceEquals(file.File, range.File)).Bytes, dice, seed);
                    Assert.InRange(ahead.HeldBytes, 0, limits.BudgetBytes + ((Readers + 1) * limits.BlockBytes));
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Read_NearRanges_ComeByOneRequest()
    {
        var store = new RecordingObjectStore(new MemoryObjectStore(), keepCalls: true);
        var (file, bytes) = await FileAsync(new DistantStore(store, s_far), "f", 1000, new Random(1));
        PlannedRange[] plan = [new(file, 0, 100), new(file, 101, 99), new(file, 300, 50)];
        using var ahead = new ReadAhead(plan, new ReadAheadLimits(4000, 400), new RunProgress(), CancellationToken.None);

        foreach (var range in plan)
            Check(new ObjectChunkSource(new RunProgress(), CancellationToken.None), ahead, range, bytes, new Random(1), 1);

        var reads = store.Calls().Where(call => call.Operation == StoreOperation.Read).OrderBy(call => call.Offset).Select(call => (call.Offset, call.Length));
        Assert.Equal([(0L, 200L), (300L, 50L)], reads);
        Assert.Equal(1, store.Count(StoreOperation.Open));
    }

    [Fact]
    public async Task Begin_PlannedRanges_AreFetchedAtOnceUpToTheBudget()
    {
        var store = new RecordingObjectStore(new MemoryObjectStore());
        var (file, _) = await FileAsync(new DistantStore(store, new ReadCost(TimeSpan.FromMilliseconds(1), 1)), "f", 10_000, new Random(1));
        var plan = Enumerable.Range(0, 10).Select(i => new PlannedRange(file, i * 1000, 500)).ToList();
        using var ahead = new ReadAhead(plan, new ReadAheadLimits(4000, 500), new RunProgress(), CancellationToken.None);

        // Documents may take three quarters of the budget: six blocks of 500.
        Assert.Equal(3000, ahead.HeldBytes);
    }

    [Fact]
    public async Task Read_FailedFetch_RaisesItsError()
    {
        var faulty = new FaultObjectStore(new MemoryObjectStore(), [new Fault(1, FaultKind.Error, StoreOperation.Read)]);
        var (file, _) = await FileAsync(new DistantStore(faulty, s_far), "f", 1000, new Random(1));
        using var ahead = new ReadAhead([new PlannedRange(file, 0, 10)], new ReadAheadLimits(100, 100), new RunProgress(), CancellationToken.None);
        using var source = new ObjectChunkSource(new RunProgress(), CancellationToken.None);
        source.Open(new AheadReader(ahead, file), 0, 10);

        Assert.Throws<TransientException>(() => source.Read(new byte[10]));
    }

    [Fact]
    public async Task Take_RangesThatArePassedOver_AreGivenUp()
    {
        var (file, bytes) = await FileAsync(new DistantStore(new MemoryObjectStore(), new ReadCost(TimeSpan.Zero, 1)), "f", 100_000, new Random(1));
        var plan = Enumerable.Range(0, 1000).Select(i => new PlannedRange(file, i * 100, 10)).ToList();
        using var ahead = new ReadAhead(plan, new ReadAheadLimits(100, 10), new RunProgress(), CancellationToken.None);
        using var source = new ObjectChunkSource(new RunProgress(), CancellationToken.None);

        // The first ones take the whole budget and are never read, so that the last one is fetched beyond it, and then they make room.
        Check(source, ahead, plan[^1], bytes, new Random(1), 1);
        source.Open(new AheadReader(ahead, file), 0, 0);

        Assert.InRange(ahead.HeldBytes, 0, 100);
        Check(source, ahead, plan[^2], bytes, new Random(1), 1);
    }

    [Fact]
    public async Task Dispose_FetchesUnderWay_EndsThem()
    {
        var (file, _) = await FileAsync(new DistantStore(new MemoryObjectStore(), new ReadCost(TimeSpan.FromHours(1), 1)), "f", 1000, new Random(1));
        var ahead = new ReadAhead([new PlannedRange(file, 0, 10)], new ReadAheadLimits(100, 100), new RunProgress(), CancellationToken.None);
        ahead.Dispose();
    }

    private static void Check(ObjectChunkSource source, ReadAhead ahead, PlannedRange range, byte[] bytes, Random dice, int seed)
    {
        source.Open(new AheadReader(ahead, range.File), range.Offset, range.Length);
        var position = range.Offset;
        var buffer = new byte[8_000];
        var stopAt = dice.Next(5) == 0 ? range.Offset + dice.NextInt64(range.Length) : range.End;
        while (position < stopAt)
        {
            if (dice.Next(4) == 0)
            {
                var skipped = dice.NextInt64(range.End - position + 1);
                source.Skip(skipped);
                position += skipped;
                continue;
            }

            source.WaitUntilReady();
            Assert.True(source.IsReady, $"seed {seed}");
            var read = source.Read(buffer.AsMemory(0, dice.Next(1, buffer.Length)));
            Assert.True(read > 0, $"seed {seed}");
            Assert.True(bytes.AsSpan((int)position, read).SequenceEqual(buffer.AsSpan(0, read)), $"seed {seed}: other bytes at {position}");
            position += read;
        }
    }

    private static IEnumerable<PlannedRange> Chunks(PlannedFile file, Random random)
    {
        for (long offset = random.Next(100); offset < file.Object.Size;)
        {
            var length = Math.Min(random.Next(1, 9_000), file.Object.Size - offset);
            yield return new PlannedRange(file, offset, length);
            offset += length + random.Next(3) * random.Next(2_000);
        }
    }

    private static async Task<(PlannedFile File, byte[] Bytes)> FileAsync(IObjectStore store, string key, int size, Random random)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        var info = await store.WriteAsync(key, bytes, ObjectInfo.EmptyMetadata, new WriteOptions(), default);
        return (new PlannedFile(store, info, key, null!, null!, null, []), bytes);
    }
}
