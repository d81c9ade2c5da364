using System.Text;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Scan.Lanes;

namespace IdExtractor.Fuzz.Reading;

/// <summary>Sinks for ids, and what they received. Null and empty ids are dropped.</summary>
internal sealed class IdGathering : IDisposable
{
    private readonly IdCollector _collector;
    private readonly IdShard _shard;
    private readonly List<MatchedIdSink> _sinks = [];

    /// <param name="longest">Bytes of the longest id that may come.</param>
    public IdGathering(int longest)
    {
        _collector = CreateCollector(shards: 1, longest);
        _shard = _collector.CreateShard();
    }

    /// <summary>
    /// A collector with memory for the ids of small files, so little of it that making one is
    /// cheap.
    /// </summary>
    public static IdCollector CreateCollector(int shards, int longest) => new(new IdCollectorOptions
    {
        MemoryBudget = Math.Max(1L << 20, 64L * longest) * shards,
        Shards = shards,
        TempRoot = Path.Combine(Path.GetTempPath(), "idextractor-fuzz", "spill"),
    });

    /// <summary>
    /// What a collector holds, in the order in which it would be published, each byte as one
    /// character. The collector is complete afterwards.
    /// </summary>
    public static IReadOnlyList<string> SortedOf(IdCollector collector)
    {
        using var sorted = collector.Complete();
        var ids = new List<string>();
        while (sorted.TryNext(out var id))
            ids.Add(Encoding.Latin1.GetString(id));
        return ids;
    }

    /// <summary>A sink for one lane.</summary>
    public MatchedIdSink CreateSink()
    {
        var sink = new MatchedIdSink(_shard, NullIdPolicy.Drop);
        _sinks.Add(sink);
        return sink;
    }

    /// <summary>Rows that the sinks have taken, and how many of them had no id.</summary>
    public (long Matched, long Dropped) TakeCounts()
    {
        var counts = _sinks.ConvertAll(sink => sink.TakeCounts());
        return (counts.Sum(count => count.Taken), counts.Sum(count => count.Dropped));
    }

    /// <summary>
    /// The distinct ids, in the order in which they would be published. Call it once.
    /// </summary>
    public IReadOnlyList<string> Sorted() => SortedOf(_collector);

    /// <inheritdoc/>
    public void Dispose() => _collector.Dispose();
}
