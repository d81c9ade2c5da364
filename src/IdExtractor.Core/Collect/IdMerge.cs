using IdExtractor.Core.Primitives;

namespace IdExtractor.Core.Collect;

/// <summary>Merges sorted distinct sources into one: a heap of sources by their IDs at hand, of which the first eight bytes are kept as a number.</summary>
internal sealed class IdMerge : IIdSource
{
    private readonly IReadOnlyList<IIdSource> _sources;
    private readonly Head[] _heap;
    private int _count;
    private bool _isFirst = true;

    /// <param name="sources">Not yet begun; owned.</param>
    public IdMerge(IReadOnlyList<IIdSource> sources)
    {
        _sources = sources;
        _heap = new Head[sources.Count];
    }

    public ReadOnlySpan<byte> Current => _heap[0].Source.Current;

    public bool MoveNext()
    {
        if (_isFirst)
            Begin();
        else if (_count > 0)
            Advance(0);
        DropCopies();
        return _count > 0;
    }

    public void Dispose()
    {
        foreach (var source in _sources)
            source.Dispose();
    }

    private void Begin()
    {
        _isFirst = false;
        foreach (var source in _sources)
        {
            if (source.MoveNext())
                _heap[_count++] = new Head(source, ByteOrder.WordAt(source.Current, 0));
        }

        for (var i = (_count / 2) - 1; i >= 0; i--)
            Sink(i);
    }

    /// <summary>Steps every other source over the ID at the top. Copies of the least ID are at the top of the heap's branches, so a look at the two below it finds them.</summary>
    private void DropCopies()
    {
        while (_count > 1)
        {
            var child = _count > 2 && IsLess(_heap[2], _heap[1]) ? 2 : 1;
            if (_heap[child].Word != _heap[0].Word || !_heap[child].Source.Current.SequenceEqual(_heap[0].Source.Current))
                return;
            Advance(child);
        }
    }

    private void Advance(int place)
    {
        ref var head = ref _heap[place];
        if (head.Source.MoveNext())
            head = new Head(head.Source, ByteOrder.WordAt(head.Source.Current, 0));
        else
            head = _heap[--_count];
        Sink(place);
    }

    private void Sink(int place)
    {
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _count)
                return;
            if (child + 1 < _count && IsLess(_heap[child + 1], _heap[child]))
                child++;
            if (!IsLess(_heap[child], _heap[place]))
                return;
            (_heap[child], _heap[place]) = (_heap[place], _heap[child]);
            place = child;
        }
    }

    private static bool IsLess(Head left, Head right) => left.Word != right.Word
        ? left.Word < right.Word
        : left.Source.Current.SequenceCompareTo(right.Source.Current) < 0;

    private readonly record struct Head(IIdSource Source, ulong Word);
}
