namespace IdExtractor.Core.Collect;

/// <summary>
/// The strings of a table in sorted order. They are stored in the order in which they were added,
/// so the next ones are prefetched; otherwise each would cost two cache misses.
/// </summary>
internal sealed class TableSource : IIdSource
{
    private const int StringLead = 8;
    private const int EntryLead = 2 * StringLead;

    private readonly IdTable _table;
    private readonly ulong[] _words;
    private readonly int[] _order;
    private int _next;

    /// <summary>Sorts a table, which must not change afterwards.</summary>
    /// <param name="table">The strings.</param>
    /// <param name="depth">Where <see cref="Word"/> begins: at most the length of
    /// <see cref="IdTable.CommonPrefix"/>.</param>
    public TableSource(IdTable table, int depth)
    {
        _table = table;
        _order = IdSorter.Sort(table, depth, out _words);
    }

    public ReadOnlySpan<byte> Current => _table[_order[_next - 1]];

    public ulong Word => _words[_next - 1];

    public bool MoveNext()
    {
        if (_next >= _order.Length)
            return false;
        if (_next + EntryLead < _order.Length)
            _table.PrefetchEntry(_order[_next + EntryLead]);
        if (_next + StringLead < _order.Length)
            _table.PrefetchString(_order[_next + StringLead]);
        _next++;
        return true;
    }

    public void Dispose()
    {
    }
}
