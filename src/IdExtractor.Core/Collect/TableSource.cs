namespace IdExtractor.Core.Collect;

/// <summary>The strings of a table in order. They stand where they were added, which is in no order, so those that come are announced: unannounced, each costs two trips to memory.</summary>
internal sealed class TableSource(IdTable table) : IIdSource
{
    private const int StringLead = 8;
    private const int EntryLead = 2 * StringLead;

    private readonly int[] _order = IdSorter.Sort(table);
    private int _next;

    public ReadOnlySpan<byte> Current => table[_order[_next - 1]];

    public bool MoveNext()
    {
        if (_next >= _order.Length)
            return false;
        if (_next + EntryLead < _order.Length)
            table.AnnounceEntry(_order[_next + EntryLead]);
        if (_next + StringLead < _order.Length)
            table.AnnounceString(_order[_next + StringLead]);
        _next++;
        return true;
    }

    public void Dispose()
    {
    }
}
