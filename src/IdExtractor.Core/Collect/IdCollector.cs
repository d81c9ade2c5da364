using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Collect;

/// <summary>
/// Collects the distinct ids of matched rows from several threads and returns them in ordinal byte
/// order (specification, section 5). Memory is bounded. A quarter of the budget is for reading and
/// writing spill files; the shards share the rest. A full shard writes its ids, sorted, to a file
/// in a private temporary folder.
/// </summary>
public sealed class IdCollector : IDisposable
{
    private readonly List<IdShard> _shards = [];
    private readonly IdCollectorOptions _options;
    private readonly SpillRuns _runs;
    private readonly long _shardBudget;
    private readonly Task _sweeping;
    private bool _isComplete;

    /// <summary>
    /// Creates an empty collector and starts to remove spill folders of dead runs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The options are outside their
    /// ranges.</exception>
    public IdCollector(IdCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shards, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shards, 1024, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(
            options.MemoryBudget, IdCollectorOptions.MinBytesPerShard * options.Shards, nameof(options));
        _options = options;
        var merging = options.MemoryBudget / 4;
        _runs = new SpillRuns(options.TempRoot, merging);
        _shardBudget = ((options.MemoryBudget - merging) / options.Shards) - _runs.BufferBytes;
        MaxIdBytes = (int)Math.Min(merging / 4, Array.MaxLength / 2);

        // The temporary folder may hold thousands of unrelated entries.
        _sweeping = Task.Run(() => SpillFolder.RemoveAbandoned(options.TempRoot));
    }

    /// <summary>
    /// The longest id allowed, in bytes: a sixteenth of the budget, so that two can be merged.
    /// </summary>
    public int MaxIdBytes { get; }

    /// <summary>Bytes written to spill files so far, including merges.</summary>
    public long SpilledBytes => _runs.WrittenBytes;

    /// <summary>Creates a shard for one more thread.</summary>
    /// <exception cref="InvalidOperationException">All shards that the options allow exist, or the
    /// collector is complete.</exception>
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
    /// Ends collecting and starts reading. No id may be added afterwards. The result owns the
    /// collector's contents: disposing either one removes every file.
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

        ForEachShard(shard => shard.Complete());
        var spilled = _runs.OpenAll();
        var depth = spilled.Count > 0 ? 0 : CommonPrefixLength();
        var tables = new IIdSource[_shards.Count];
        ForEachShard(shard => tables[_shards.IndexOf(shard)] = new TableSource(shard.Table, depth));
        return new SortedIds(this, new IdMerge([.. tables, .. _shards.Select(shard => new PackedSource(shard.Packed, depth)), .. spilled]));
    }

    /// <summary>Frees the ids, and closes and removes spill files.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Dispose();
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

        // Rare and large: the copy is cheap compared with the file.
        var table = new IdTable(4L * (id.Length + IdTable.MinBudget));
        table.TryAdd(id, IdHash.Compute(id));
        Spill(new TableSource(table, id.Length));
    }

    /// <summary>Length of the longest common prefix of all ids in memory, in bytes.</summary>
    private int CommonPrefixLength()
    {
        var prefixes = new List<byte[]>();
        foreach (var shard in _shards)
        {
            if (shard.Table.Count > 0)
                prefixes.Add(shard.Table.CommonPrefix.ToArray());
            if (shard.Packed.Count > 0)
                prefixes.Add(shard.Packed.CommonPrefix);
        }

        return prefixes.Count == 0 ? 0 : prefixes.Min(prefix => prefix.AsSpan().CommonPrefixLength(prefixes[0]));
    }

    /// <summary>Does some work on every shard, concurrently.</summary>
    private void ForEachShard(Action<IdShard> work)
    {
        var working = new Task[_shards.Count];
        for (var i = 0; i < working.Length; i++)
        {
            var shard = _shards[i];
            working[i] = Task.Run(() => work(shard));
        }

        Task.WhenAll(working).GetAwaiter().GetResult();
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
