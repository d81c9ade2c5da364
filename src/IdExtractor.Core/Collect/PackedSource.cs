namespace IdExtractor.Core.Collect;

/// <summary>Packed ids in sorted order.</summary>
/// <param name="ids">Sorted and distinct. They must not change.</param>
/// <param name="depth">Where <see cref="Word"/> begins: at most the length of
/// <see cref="PackedIds.CommonPrefix"/>.</param>
internal sealed class PackedSource(PackedIds ids, int depth) : IIdSource
{
    private readonly byte[] _current = new byte[PackedId.Size];
    private int _length;
    private int _next;

    public ReadOnlySpan<byte> Current => _current.AsSpan(0, _length);

    public ulong Word { get; private set; }

    public bool MoveNext()
    {
        if (_next >= ids.Count)
            return false;
        var id = ids.Ids[_next++];
        id.Unpack(_current);
        _length = id.Length;
        Word = id.WordAt(depth);
        return true;
    }

    public void Dispose()
    {
    }
}
