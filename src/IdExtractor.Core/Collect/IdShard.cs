using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Collect;

/// <summary>The part of a collector that one scanning thread fills. Not thread safe.</summary>
public sealed class IdShard : IDisposable
{
    /// <summary>An id that is longer than one in this many of the budget is large.</summary>
    private const int LargeShare = 16;

    private readonly IdCollector _collector;
    private readonly IdTable _table;
    private readonly PackedIds _packed;
    private readonly long _budget;
    private readonly int _maxTableBytes;
    private readonly WaitingStrings _waiting = new();

    internal IdShard(IdCollector collector, long budget)
    {
        _collector = collector;
        _budget = budget;
        _table = new IdTable(budget);
        _packed = new PackedIds(budget);
        _maxTableBytes = Math.Min(_table.MaxBytes, collector.MaxIdBytes);
    }

    /// <summary>The ids in memory that are longer than <see cref="PackedId.MaxBytes"/>.</summary>
    internal IdTable Table => _table;

    /// <summary>The other ids in memory; sorted after <see cref="Complete"/>.</summary>
    internal PackedIds Packed => _packed;

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
        if (id.Length <= PackedId.MaxBytes)
        {
            while (!_packed.TryAdd(id, _budget - _table.Bytes))
                MakeRoom();
            return;
        }

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
        _table.PrefetchSlot(hash);
        _waiting.Enqueue(id, hash);
    }

    /// <summary>
    /// Moves the last ids into the table, and sorts the packed ones. No id may be added afterwards.
    /// </summary>
    /// <exception cref="TransientException">The disk is full or fails.</exception>
    internal void Complete()
    {
        while (!_waiting.IsEmpty)
            InsertOldest();
        _packed.Sort();
    }

    /// <summary>
    /// Gives back the memory of the packed ids. The collector does it for all of its shards.
    /// </summary>
    public void Dispose() => _packed.Dispose();

    private void InsertOldest()
    {
        var id = _waiting.Dequeue(out var hash);
        Insert(id, (uint)hash);
    }

    private void Insert(ReadOnlySpan<byte> id, uint hash)
    {
        // An empty table takes any string, whatever its budget.
        if (id.Length > _budget / LargeShare && _packed.Bytes > _budget / 2)
            SpillPacked();
        _table.Budget = _budget - _packed.Bytes;
        while (_table.TryAdd(id, hash) == IdTable.Outcome.Full)
        {
            if (_packed.Bytes > _table.Bytes)
            {
                SpillPacked();
                _table.Budget = _budget - _packed.Bytes;
                continue;
            }

            SpillTable();
            _table.Clear();
        }
    }

    /// <summary>Makes room for packed ids.</summary>
    private void MakeRoom()
    {
        if (_table.Bytes > _packed.Bytes)
        {
            SpillTable();
            _table.Release();
            return;
        }

        // Copies may have filled the memory.
        var before = _packed.Count;
        _packed.Sort();
        if (_packed.Count > before / 2)
            SpillPacked();
    }

    private void SpillPacked()
    {
        _packed.Sort();
        _collector.Spill(new PackedSource(_packed, depth: 0));
        _packed.Clear();
    }

    private void SpillTable()
    {
        if (_table.Count > 0)
            _collector.Spill(new TableSource(_table, _table.CommonPrefix.Length));
    }
}
