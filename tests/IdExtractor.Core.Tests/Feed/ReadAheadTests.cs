using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Feed;

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
            files.Add(
                await FileAsync(new DistantStore(recorded, random.Next(2) == 0 ? s_near : s_far), $"f{i}", random.Next(1, 60_000), random));
        var plan = files.SelectMany(file => Chunks(file.File, random)).ToList();
        var limits = new ReadAheadLimits(
            BudgetBytes: random.Next(1, 30_000), PieceBytes: random.Next(1, 2_000), RequestPieces: random.Next(1, 9),
            UrgentPieces: random.Next(1, 5), Concurrency: random.Next(1, 5));
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
                    Assert.InRange(
                        ahead.HeldBytes, 0,
                        Math.Max(limits.BudgetBytes, limits.RequestBytes) + (2 * Readers * limits.PieceBytes * limits.UrgentPieces));
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        await Task.WhenAll(readers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Read_WholePlan_MakesTheRequestsThatWereCounted(int seed)
    {
        var random = new Random(seed);
        var stores = Enumerable.Range(0, 4)
            .Select(_ => new StreamingStore(new MemoryObjectStore(), random.Next(2) == 0 ? s_near : s_far))
            .ToList();
        var files = new List<PlannedFile>();
        foreach (var store in stores)
            files.Add((await FileAsync(store, "f", random.Next(1, 60_000), random)).File);
        var plan = files.SelectMany(file => Chunks(file, random)).ToList();
        var limits = new ReadAheadLimits(
            BudgetBytes: 1 << 20, PieceBytes: random.Next(1, 2_000), RequestPieces: random.Next(1, 9), UrgentPieces: 1, Concurrency: 1);
        var counted = RequestCount.Of(plan, limits);

        using (var ahead = Ahead(plan, limits))
        {
            foreach (var range in plan)
            {
                using var source = Source();
                source.Open(new AheadReader(ahead, range.File), range.Offset, range.Length);
                var buffer = new byte[range.Length];
                for (var filled = 0; filled < buffer.Length;)
                    filled += source.Read(buffer.AsMemory(filled));
            }
        }

        var requests = stores.SelectMany(store => store.Requests()).ToList();
        Assert.Equal(new RequestCount(requests.Count, requests.Sum(request => request.Length)), counted);
    }

    [Theory]
    [InlineData(1_000, 0, 3, 400)]
    [InlineData(1_000, 99, 3, 400)]
    [InlineData(1_000, 100, 1, 600)]
    [InlineData(1_000, 1_000_000, 1, 600)]
    [InlineData(250, 100, 3, 400)]
    public async Task Count_NearRanges_AreOneRequestThatIsNotTooLong(int most, int gap, long requests, long bytes)
    {
        var cost = new ReadCost(TimeSpan.FromSeconds(1), gap);
        var (file, _) = await FileAsync(new DistantStore(new MemoryObjectStore(), cost), "f", 1000, new Random(1));
        PlannedRange[] plan = [new(file, 0, 100), new(file, 200, 100), new(file, 300, 100), new(file, 500, 100)];

        Assert.Equal(new RequestCount(requests, bytes), RequestCount.Of(plan, new ReadAheadLimits(1 << 20, 10, most / 10, 1, 1)));
    }

    [Fact]
    public async Task Read_NearRanges_ComeByOneRequest()
    {
        var store = new RecordingObjectStore(new MemoryObjectStore(), keepCalls: true);
        var (file, bytes) = await FileAsync(new DistantStore(store, s_far), "f", 1000, new Random(1));
        PlannedRange[] plan = [new(file, 0, 100), new(file, 101, 99), new(file, 300, 50)];
        using var ahead = Ahead(plan, new ReadAheadLimits(4000, 400, 1, 1, 1));

        foreach (var range in plan)
            Check(Source(), ahead, range, bytes, new Random(1), 1);

        var reads = store.Calls()
            .Where(call => call.Operation == StoreOperation.Read)
            .OrderBy(call => call.Offset)
            .Select(call => (call.Offset, call.Length));
        Assert.Equal([(0L, 200L), (300L, 50L)], reads);
        Assert.Equal(1, store.Count(StoreOperation.Open));
    }

    [Fact]
    public async Task Begin_PlannedRanges_AreFetchedAtOnceUpToTheBudget()
    {
        var store = new RecordingObjectStore(new MemoryObjectStore());
        var (file, _) = await FileAsync(new DistantStore(store, new ReadCost(TimeSpan.FromMilliseconds(1), 1)), "f", 10_000, new Random(1));
        var plan = Enumerable.Range(0, 10).Select(i => new PlannedRange(file, i * 1000, 500)).ToList();
        using var ahead = Ahead(plan, new ReadAheadLimits(4000, 250, 2, 1, 1));

        // Documents may take three quarters of the budget: six requests of two pieces.
        Assert.Equal(3000, ahead.HeldBytes);
    }

    [Fact]
    public async Task Read_LongRange_ComesByEvenRequestsWhosePiecesMakeRoomOneByOne()
    {
        var store = new StreamingStore(new MemoryObjectStore());
        var (file, bytes) = await FileAsync(store, "f", 1000, new Random(1));
        var limits = new ReadAheadLimits(BudgetBytes: 1200, PieceBytes: 100, RequestPieces: 8, UrgentPieces: 2, Concurrency: 1);
        using var ahead = Ahead([new PlannedRange(file, 0, 1000)], limits);
        using var source = Source(ahead, file, 1000);

        // Of documents 900 bytes may be held: one request of 500, not of 800 and 200. The other
        // follows when there is room for all of it.
        Assert.Equal(500, ahead.HeldBytes);
        var read = new List<byte>();
        for (var buffer = new byte[100]; read.Count < 1000;)
        {
            read.AddRange(buffer[..source.Read(buffer)]);
            Assert.InRange(ahead.HeldBytes, 100, 900);
        }

        Assert.Equal(bytes, read);
        Assert.Equal([(0L, 500L), (500L, 500L)], store.Requests());
    }

    [Fact]
    public async Task Read_ReplyUnderWay_GivesThePiecesThatAreThere()
    {
        var store = new StreamingStore(new MemoryObjectStore()) { HoldsBackAfter = 2 };
        var (file, bytes) = await FileAsync(store, "f", 1000, new Random(1));
        var limits = new ReadAheadLimits(BudgetBytes: 4000, PieceBytes: 100, RequestPieces: 10, UrgentPieces: 4, Concurrency: 1);
        using var ahead = Ahead([new PlannedRange(file, 0, 1000)], limits);
        using var source = Source(ahead, file, 1000);

        var buffer = new byte[200];
        Assert.Equal(100, source.Read(buffer));
        Assert.Equal(100, source.Read(buffer.AsMemory(100)));
        Assert.True(bytes.AsSpan(0, 200).SequenceEqual(buffer));

        // Two pieces are not enough to continue with, and there is no third.
        Assert.False(source.IsReady);
        store.LetGo();
        source.WaitUntilReady();
        Assert.True(source.IsReady);
        Assert.Equal(100, source.Read(buffer));
    }

    [Fact]
    public async Task Lend_PiecesOfAReply_AreGivenWhereTheyStandUntilTheNext()
    {
        var (file, bytes) = await FileAsync(new DistantStore(new MemoryObjectStore(), s_far), "f", 250, new Random(1));
        using var ahead = Ahead([new PlannedRange(file, 0, 250)], new ReadAheadLimits(4000, 100, 10, 1, 1));
        using var source = Source(ahead, file, 250);

        Assert.True(source.Lend(again: 0, least: 1, most: 60).SequenceEqual(bytes.AsSpan(..60)));
        Assert.True(source.Lend(again: 20, least: 60, most: 250).SequenceEqual(bytes.AsSpan(40..100)));

        // A view never spans two pieces.
        Assert.True(source.Lend(again: 10, least: 11, most: 250).IsEmpty);
        Assert.Equal(5, source.Read(new byte[5]));
        Assert.True(source.Lend(again: 10, least: 11, most: 250).IsEmpty);
        Assert.True(source.Lend(again: 5, least: 11, most: 250).SequenceEqual(bytes.AsSpan(100..200)));
        Assert.True(source.Lend(again: 0, least: 51, most: 100).IsEmpty);
        Assert.True(source.Lend(again: 0, least: 50, most: 100).SequenceEqual(bytes.AsSpan(200..)));
        Assert.Equal(0, source.Read(new byte[5]));
    }

    [Fact]
    public async Task Read_RequestThatFailsHalfway_GivesWhatCameAndThenItsError()
    {
        var faulty = new FaultObjectStore(new MemoryObjectStore(), [new Fault(3, FaultKind.Error, StoreOperation.Read)]);
        var (file, bytes) = await FileAsync(new DistantStore(faulty, s_far), "f", 1000, new Random(1));
        using var ahead = Ahead([new PlannedRange(file, 0, 1000)], new ReadAheadLimits(4000, 100, 10, 1, 1));
        using var source = Source(ahead, file, 1000);

        var buffer = new byte[200];
        Assert.Equal(100, source.Read(buffer));
        Assert.Equal(100, source.Read(buffer.AsMemory(100)));
        Assert.True(bytes.AsSpan(0, 200).SequenceEqual(buffer));
        Assert.Throws<TransientException>(() => source.Read(buffer));
    }

    [Fact]
    public async Task Read_StoreThatLeavesBuffersEmpty_Fails()
    {
        var (file, _) = await FileAsync(new StreamingStore(new MemoryObjectStore()) { EndsAfter = 1 }, "f", 1000, new Random(1));
        using var ahead = Ahead([new PlannedRange(file, 0, 1000)], new ReadAheadLimits(4000, 100, 10, 1, 1));
        using var source = Source(ahead, file, 1000);

        Assert.Equal(100, source.Read(new byte[200]));
        Assert.Throws<InvalidOperationException>(() => source.Read(new byte[200]));
    }

    [Fact]
    public async Task Read_ChunksInOnePlace_AreBothRead()
    {
        var (file, bytes) = await FileAsync(new DistantStore(new MemoryObjectStore(), s_far), "f", 1000, new Random(1));
        PlannedRange[] plan = [new(file, 0, 300), new(file, 0, 300), new(file, 0, 500)];
        var ahead = Ahead(plan, new ReadAheadLimits(4000, 100, 4, 1, 1));

        foreach (var range in plan)
        {
            using var source = Source();
            Check(source, ahead, range, bytes, new Random(1), 1);
        }

        // Taken the second time, the place is no longer planned: nothing of it is left in memory
        // once all replies have come.
        ahead.Dispose();
        Assert.Equal(0, ahead.HeldBytes);
    }

    [Fact]
    public async Task Of_RangesAbreast_ComeWhereTheyAreWanted()
    {
        var (file, _) = await FileAsync(new DistantStore(new MemoryObjectStore(), s_far), "f", 10_000, new Random(1));
        var limits = new ReadAheadLimits(BudgetBytes: 4000, PieceBytes: 100, RequestPieces: 2, UrgentPieces: 1, Concurrency: 2);
        RangeFetch Fetch(int offset) => new(new PlannedRange(file, offset, 600), limits, [new PlannedRange(file, offset, 600)]);

        var inTurn = RequestOrder.Of(
            [Fetch(0), Fetch(1000), Fetch(2000)], concurrency: 1).Select(request => request.Fetch.OffsetOf(request.From));
        var concurrency = RequestOrder.Of(
            [Fetch(0), Fetch(1000), Fetch(2000)], concurrency: 2).Select(request => request.Fetch.OffsetOf(request.From));

        Assert.Equal([0, 200, 400, 1000, 1200, 1400, 2000, 2200, 2400], inTurn);

        // Each begins when the one before it is half read.
        Assert.Equal([0, 200, 1000, 400, 1200, 2000, 1400, 2200, 2400], concurrency);
    }

    [Fact]
    public async Task Read_FailedFetch_RaisesItsError()
    {
        var faulty = new FaultObjectStore(new MemoryObjectStore(), [new Fault(1, FaultKind.Error, StoreOperation.Read)]);
        var (file, _) = await FileAsync(new DistantStore(faulty, s_far), "f", 1000, new Random(1));
        using var ahead = Ahead([new PlannedRange(file, 0, 10)], new ReadAheadLimits(100, 100, 1, 1, 1));
        using var source = Source(ahead, file, 10);

        Assert.Throws<TransientException>(() => source.Read(new byte[10]));
    }

    [Fact]
    public async Task Take_RangesThatArePassedOver_AreGivenUp()
    {
        var (file, bytes) = await FileAsync(
            new DistantStore(new MemoryObjectStore(), new ReadCost(TimeSpan.Zero, 1)), "f", 100_000, new Random(1));
        var plan = Enumerable.Range(0, 1000).Select(i => new PlannedRange(file, i * 100, 10)).ToList();
        using var ahead = Ahead(plan, new ReadAheadLimits(100, 10, 1, 1, 1));
        using var source = Source();

        // The first ones take the whole budget and are never read, so that the last one is fetched
        // beyond it, and then they make room.
        Check(source, ahead, plan[^1], bytes, new Random(1), 1);
        source.Open(new AheadReader(ahead, file), 0, 0);

        Assert.InRange(ahead.HeldBytes, 0, 100);
        Check(source, ahead, plan[^2], bytes, new Random(1), 1);
    }

    [Fact]
    public async Task Dispose_FetchesUnderWay_EndsThem()
    {
        var (file, _) = await FileAsync(
            new DistantStore(new MemoryObjectStore(), new ReadCost(TimeSpan.FromHours(1), 1)), "f", 1000, new Random(1));
        var ahead = Ahead([new PlannedRange(file, 0, 10)], new ReadAheadLimits(100, 100, 1, 1, 1));
        ahead.Dispose();
    }

    private static ReadAhead Ahead(IEnumerable<PlannedRange> plan, ReadAheadLimits limits) =>
        new(plan, limits, new RunProgress(), CancellationToken.None);

    private static ObjectChunkSource Source() => new(new RunProgress(), CancellationToken.None);

    private static ObjectChunkSource Source(ReadAhead ahead, PlannedFile file, long length)
    {
        var source = Source();
        source.Open(new AheadReader(ahead, file), 0, length);
        return source;
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
            if (dice.Next(2) == 0)
            {
                var again = dice.Next(3) == 0 ? 0 : (int)dice.NextInt64(position - range.Offset + 1);
                var least = again + dice.Next(1, 300);
                var most = least + dice.Next(3_000);
                var lent = source.Lend(again, least, most);
                Assert.True(lent.IsEmpty || (lent.Length >= least && lent.Length <= most), $"seed {seed}: {lent.Length} lent bytes");
                Assert.True(
                    bytes.AsSpan((int)position - again, lent.Length).SequenceEqual(lent),
                    $"seed {seed}: other bytes lent at {position - again}");
                position += lent.IsEmpty ? 0 : lent.Length - again;
                if (position == range.End)
                    break;
            }

            source.WaitUntilReady();
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
