using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Collect;

/// <summary>The part of a collector that one scanning thread fills. Not thread safe.</summary>
public sealed class IdShard
{
    private readonly IdCollector _collector;
    private readonly IdTable _table;
    private readonly int _maxTableBytes;
    private readonly WaitingStrings _waiting = new();

    internal IdShard(IdCollector collector, long budget)
    {
        _collector = collector;
        _table = new IdTable(budget);
        _maxTableBytes = Math.Min(_table.MaxBytes, collector.MaxIdBytes);
    }

    internal IdTable Table => _table;

    /// <summary>
    /// Adds an id, which may have been added before. When the shard's memory is full, its ids go to
    /// disk, sorted. That may happen some ids later, or in <see cref="Complete"/>.
    /// </summary>
    /// <param name="id">Its bytes, as they will be published; only read during the call.</param>
    /// <exception cref="InputDataException">The id is longer than
    /// <see cref="IdCollector.MaxIdBytes"/>.</exception>
    /// <exception cref="TransientException">The disk is full or fails.</exception>
    public void Add(ReadOnlySpan<byte> id)
    {
        if (id.Length > _maxTableBytes)
        {
            _collector.SpillOne(id);
            return;
        }

        var hash = IdHash.Compute(id);
        if (id.Length > WaitingStrings.MaxBytes)
        {
            Insert(id, hash);
            return;
        }

        if (_waiting.IsFull)
            InsertOldest();
        _table.AnnounceHash(hash);
        _waiting.Enqueue(id, hash);
    }

    /// <summary>Moves the last ids into the table. No id may be added afterwards.</summary>
    /// <exception cref="TransientException">The disk is full or fails.</exception>
    internal void Complete()
    {
        while (!_waiting.IsEmpty)
            InsertOldest();
    }

    private void InsertOldest()
    {
        var id = _waiting.Dequeue(out var hash);
        Insert(id, (uint)hash);
    }

    private void Insert(ReadOnlySpan<byte> id, uint hash)
    {
        while (_table.TryAdd(id, hash) == IdTable.Outcome.Full)
        {
            _collector.Spill(new TableSource(_table, _table.CommonPrefix.Length));
            _table.Clear();
        }
    }
}
