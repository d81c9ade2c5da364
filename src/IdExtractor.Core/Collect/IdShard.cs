namespace IdExtractor.Core.Collect;

/// <summary>The part of a collector that one scanning thread fills. Not to be used from two threads at once.</summary>
public sealed class IdShard
{
    private readonly IdCollector _collector;
    private readonly IdTable _table;
    private readonly int _maxTableBytes;

    internal IdShard(IdCollector collector, long budget)
    {
        _collector = collector;
        _table = new IdTable(budget);
        _maxTableBytes = Math.Min(_table.MaxBytes, collector.MaxIdBytes);
    }

    internal IdTable Table => _table;

    /// <summary>Adds an ID, which may have been added before. When the shard's memory is full its IDs go to disk, sorted.</summary>
    /// <param name="id">Its bytes, as they will be published; only read during the call.</param>
    /// <exception cref="Errors.InputDataException">The ID is longer than <see cref="IdCollector.MaxIdBytes"/>.</exception>
    /// <exception cref="Errors.TransientException">The disk is full or fails.</exception>
    public void Add(ReadOnlySpan<byte> id)
    {
        if (id.Length > _maxTableBytes)
        {
            _collector.SpillOne(id);
            return;
        }

        while (_table.TryAdd(id) == IdTable.Outcome.Full)
        {
            _collector.Spill(new TableSource(_table, _table.CommonPrefix.Length));
            _table.Clear();
        }
    }
}
