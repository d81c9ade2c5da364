using IdExtractor.Core.Collect;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Scan.Lanes;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>
/// Ids that one lane draws while another scans the documents, against one thread that does both.
/// </summary>
public sealed class IdsOfferTests
{
    private const int Rows = 150_000;
    private const int OnePage = Rows;

    private static readonly ScanTask s_task = null!;

    public static TheoryData<int, int, bool> Shapes => new()
    {
        { OnePage, OnePage, false },
        { OnePage, OnePage, true },
        { OnePage, 20_000, true },
        { 20_000, OnePage, true },
        { 7_000, 20_000, false },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Scan_ThreadsThatShare_GiveTheSame(int documentsOfPage, int idsOfPage, bool hasNulls)
    {
        var file = File(documentsOfPage, idsOfPage, hasNulls);
        var plain = await PagedScan.RunAsync(file, Wanted(), share: false);
        for (var round = 0; round < 5; round++)
        {
            var shared = await PagedScan.RunAsync(file, Wanted(), threads: 2);
            Assert.Equal(plain.Ids, shared.Ids);
            Assert.Equal(plain.Progress.RowsMatched, shared.Progress.RowsMatched);
            Assert.Equal(plain.Progress.RowsScanned, shared.Progress.RowsScanned);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Lanes_OneBesideTheOther_GiveTheSame(int documentsOfPage, int idsOfPage, bool hasNulls)
    {
        var file = File(documentsOfPage, idsOfPage, hasNulls);
        var plain = await PagedScan.RunAsync(file, Wanted(), prune: false, share: false);
        var (plan, _) = await PagedScan.PlanAsync(file);
        var progress = new RunProgress();
        using var collector = new IdCollector(new IdCollectorOptions { MemoryBudget = 1 << 20, Shards = 2 });
        using var readers = new ChunkReaders([], 2, 1, progress, CancellationToken.None);
        var offers = new IdsOffers(threads: 2);
        var resources = new ScanResources(null, null, offers, readers, progress, MemoryBudget.Unlimited);
        IdShard[] shards = [collector.CreateShard(), collector.CreateShard()];
        using var worker = new ScanWorker(shards[0], NullIdPolicy.Drop, resources, lanes: 0, CancellationToken.None);
        using var host = new ScanLane(
            worker, new MatchedIdSink(shards[0], NullIdPolicy.Drop), resources, new LaneReaders(), CancellationToken.None);
        using var guest = new ScanLane(
            worker, new MatchedIdSink(shards[1], NullIdPolicy.Drop), resources, new LaneReaders(), CancellationToken.None);

        host.Begin(
            new ScanTask(plan.Files[0], plan.Files[0].RowGroups[0]), KeyMatcher.For(plan.Files[0].KeyColumn, PagedScan.Keys(Wanted())));
        Assert.Null(offers.Take(worker));
        guest.BeginIds(offers.Take(new object())!);
        Assert.False(guest.Advance());
        Assert.False(guest.IsIdle);

        Assert.False(host.Advance());
        Assert.True(host.IsIdle);
        Assert.Equal(0, progress.RowsMatched);
        guest.Wait();
        Assert.False(guest.Advance());
        Assert.True(guest.IsIdle);
        Assert.Equal(plain.Ids, PagedScan.IdsOf(collector));
        Assert.Equal(plain.Progress.RowsMatched, progress.RowsMatched);
    }

    [Fact]
    public async Task Scan_DocumentsAreBad_EndsWithTheirError()
    {
        var file = File(OnePage, OnePage, hasNulls: false);

        // The length of a document near the end of the page.
        var at = file.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(PagedScan.Document(Rows - 100))) - sizeof(int);
        BitConverter.TryWriteBytes(file.AsSpan(at), int.MaxValue);
        for (var round = 0; round < 5; round++)
            await Assert.ThrowsAsync<CorruptFileException>(
                () => PagedScan.RunAsync(file, Wanted(), prune: false, threads: 2).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void NextFrom_RowsComeInPieces_TellsWhatIsKnown()
    {
        var offer = new IdsOffer(s_task, this);
        Assert.True(offer.TryTake());
        Assert.False(offer.TryTake());
        Assert.Equal(IRowSource.NotYet, offer.NextFrom(0));
        var found = new RowSet();
        found.Add(3);
        offer.Publish(found);
        found.Add(70);
        offer.Publish(found);
        Assert.Equal(3, offer.NextFrom(0));
        Assert.Equal(70, offer.NextFrom(4));
        Assert.Equal(IRowSource.NotYet, offer.NextFrom(71));
        Assert.True(offer.Complete(found, nullDocuments: 0));
        Assert.Equal(IRowSource.None, offer.NextFrom(71));
    }

    [Fact]
    public void Publish_ScanBeginsAnew_TellsNoRowTwice()
    {
        var offer = new IdsOffer(s_task, this);
        offer.TryTake();
        var found = new RowSet();
        found.Add(3);
        found.Add(9);
        offer.Publish(found);
        found.Clear();
        found.Add(3);
        offer.Publish(found);
        found.Add(9);
        found.Add(12);
        offer.Complete(found, nullDocuments: 0);
        Assert.Equal([3, 9, 12], RowsOf(offer));
    }

    [Fact]
    public void Complete_NobodyHasTakenIt_LeavesTheIdsToTheOwner()
    {
        var offer = new IdsOffer(s_task, this);
        Assert.False(offer.Complete(new RowSet(), nullDocuments: 0));
        Assert.False(offer.TryTake());
    }

    [Fact]
    public void GiveBack_OwnerIsThere_LeavesTheIdsToIt()
    {
        var offer = new IdsOffer(s_task, this);
        offer.TryTake();
        Assert.True(offer.GiveBack(out _));
        Assert.False(offer.Complete(new RowSet(), nullDocuments: 5));
    }

    [Fact]
    public void GiveBack_OwnerHasGone_LeavesTheRowGroupToTheTaker()
    {
        var offer = new IdsOffer(s_task, this);
        offer.TryTake();
        Assert.True(offer.Complete(new RowSet(), nullDocuments: 5));
        Assert.False(offer.GiveBack(out var nulls));
        Assert.Equal(5, nulls);
    }

    [Fact]
    public async Task WaitForNews_OwnerWithdraws_Returns()
    {
        var offer = new IdsOffer(s_task, this);
        offer.TryTake();
        var waiting = Task.Run(() => offer.WaitForNews(CancellationToken.None));
        offer.Withdraw();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(offer.IsTaken);
        Assert.Equal(IRowSource.NotYet, offer.NextFrom(0));
    }

    [Fact]
    public async Task WaitForNews_Cancelled_Throws()
    {
        var offer = new IdsOffer(s_task, this);
        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(() => offer.WaitForNews(stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static List<long> RowsOf(IdsOffer offer)
    {
        var rows = new List<long>();
        for (var row = offer.NextFrom(0); row >= 0; row = offer.NextFrom(row + 1))
            rows.Add(row);
        return rows;
    }

    /// <summary>One row group; ids of 16 bytes, enough of them to be offered.</summary>
    private static byte[] File(int documentsOfPage, int idsOfPage, bool hasNulls) => PagedFile.Write(
        PagedColumn.Text(
            "documento", Enumerable.Range(0, Rows).Select(row => hasNulls && row % 7 == 3 ? null : PagedScan.Document(row)),
            documentsOfPage),
        PagedColumn.Text("id", Enumerable.Range(0, Rows).Select(row => hasNulls && row % 11 == 5 ? null : $"ID-{row:D13}"), idsOfPage));

    private static IEnumerable<string> Wanted() => Enumerable.Range(0, Rows / 450).Select(n => PagedScan.Document((n * 450L) + 17));
}
