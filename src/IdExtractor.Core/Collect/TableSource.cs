namespace IdExtractor.Core.Collect;

/// <summary>The strings of a table in order.</summary>
internal sealed class TableSource(IdTable table) : IIdSource
{
    private readonly int[] _order = IdSorter.Sort(table);
    private int _next;

    public ReadOnlySpan<byte> Current => table[_order[_next - 1]];

    public bool MoveNext() => _next < _order.Length && ++_next > 0;

    public void Dispose()
    {
    }
}
