using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Gathers the IDs of matched rows, each once, from several threads, and gives them back in ordinal byte order (spec section 5). Memory is bounded: a quarter of the budget is for
/// reading and writing spill files, the rest is divided among the shards, and a shard that is full writes its IDs, sorted, to a file in a private temporary folder.
/// </summary>
public sealed class IdCollector : IDisposable
{
    private readonly List<IdShard> _shards = [];
    private readonly IdCollectorOptions _options;
    private readonly SpillRuns _runs;
    private readonly long _shardBudget;
    private readonly Task _sweeping;
    private bool _isComplete;

    /// <summary>Makes an empty collector, and begins to remove spill folders of runs that died.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The options are outside their ranges.</exception>
    public IdCollector(IdCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shards, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shards, 1024, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MemoryBudget, IdCollectorOptions.MinBytesPerShard * options.Shards, nameof(options));
        _options = options;
        var merging = options.MemoryBudget / 4;
        _runs = new SpillRuns(options.TempRoot, merging);
        _shardBudget = ((options.MemoryBudget - merging) / options.Shards) - _runs.BufferBytes;
        MaxIdBytes = (int)Math.Min(merging / 4, Array.MaxLength / 2);

        // A temporary folder may hold thousands of names of others.
        _sweeping = Task.Run(() => SpillFolder.RemoveAbandoned(options.TempRoot));
    }

    /// <summary>The longest ID that can be taken: a sixteenth of the budget, so that two of them can be merged.</summary>
    public int MaxIdBytes { get; }

    /// <summary>Bytes written to spill files so far, those of merges included.</summary>
    public long SpilledBytes => _runs.WrittenBytes;

    /// <summary>A part for one more thread.</summary>
    /// <exception cref="InvalidOperationException">There are as many as the options say, or the collector is complete.</exception>
    public IdShard CreateShard()
    {
        lock (_shards)
        {
            if (_isComplete || _shards.Count == _options.Shards)
                throw new InvalidOperationException("The collector takes no more shards.");
            var shard = new IdShard(this, _shardBudget);
            _shards.Add(shard);
            return shard;
        }
    }

    /// <summary>
    /// Ends collecting and begins reading. Nobody may add any more. The result owns what the collector holds: disposing either removes every file.
    /// </summary>
    /// <exception cref="TransientException">The disk is full or fails.</exception>
    public ISortedIds Complete()
    {
        lock (_shards)
        {
            if (_isComplete)
                throw new InvalidOperationException("The collector is complete.");
            _isComplete = true;
        }

        foreach (var shard in _shards)
            shard.Complete();
        var spilled = _runs.OpenAll();
        var depth = spilled.Count > 0 ? 0 : CommonPrefixLength();
        var sources = new IIdSource[_shards.Count];
        var sorting = new Task[sources.Length];
        for (var i = 0; i < sorting.Length; i++)
        {
            var index = i;
            sorting[i] = Task.Run(() => { sources[index] = new TableSource(_shards[index].Table, depth); });
        }

        Task.WaitAll(sorting);
        return new SortedIds(this, new IdMerge([.. sources, .. spilled]));
    }

    /// <summary>Closes and removes spill files.</summary>
    public void Dispose()
    {
        _runs.Dispose();
        _sweeping.GetAwaiter().GetResult();
    }

    internal void Spill(IIdSource ids) => _runs.Add(ids);

    internal void SpillOne(ReadOnlySpan<byte> id)
    {
        if (id.Length > MaxIdBytes)
        {
            throw new InputDataException("An ID is too long for the memory that is set aside for IDs", new ErrorPlace
            {
                Expected = string.Create(CultureInfo.InvariantCulture, $"at most {MaxIdBytes} bytes"),
                Actual = string.Create(CultureInfo.InvariantCulture, $"{id.Length}"),
            }, "check the ID column, or raise --max-memory");
        }

        // Rare and large: a copy costs nothing beside the file.
        var table = new IdTable(4L * (id.Length + IdTable.MinBudget));
        table.TryAdd(id, IdHash.Compute(id));
        Spill(new TableSource(table, id.Length));
    }

    /// <summary>Bytes in which all IDs in memory begin alike.</summary>
    private int CommonPrefixLength()
    {
        var filled = _shards.Select(shard => shard.Table).Where(table => table.Count > 0).ToList();
        return filled.Count == 0 ? 0 : filled.Min(table => table.CommonPrefix.CommonPrefixLength(filled[0].CommonPrefix));
    }

    private sealed class SortedIds(IdCollector collector, IdMerge ids) : ISortedIds
    {
        public bool TryNext(out ReadOnlySpan<byte> id)
        {
            var any = ids.MoveNext();
            id = any ? ids.Current : default;
            return any;
        }

        public void Dispose()
        {
            ids.Dispose();
            collector.Dispose();
        }
    }
}
