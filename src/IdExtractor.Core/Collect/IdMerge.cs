namespace IdExtractor.Core.Collect;

/// <summary>
/// Merges sorted distinct sources into one. A heap orders the sources by their current ids and
/// keeps eight bytes of each as a number.
/// </summary>
internal sealed class IdMerge : IIdSource
{
    private readonly IIdSource[] _sources;
    private readonly Head[] _heap;
    private int _count;
    private bool _isFirst = true;

    /// <param name="sources">Not yet started; owned.</param>
    public IdMerge(IReadOnlyList<IIdSource> sources)
    {
        _sources = [.. sources];
        _heap = new Head[sources.Count];
    }

    public ReadOnlySpan<byte> Current => SourceOf(_heap[0]).Current;

    public ulong Word => _heap[0].Word;

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
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i].MoveNext())
                _heap[_count++] = new Head(i, _sources[i].Word);
        }

        for (var i = (_count / 2) - 1; i >= 0; i--)
            Sink(i);
    }

    /// <summary>
    /// Advances every other source past the id at the top. Copies of the smallest id are at the top
    /// of the heap's branches, so checking the two entries below it finds them.
    /// </summary>
    private void DropCopies()
    {
        while (_count > 1)
        {
            var child = _count > 2 && IsLess(_heap[2], _heap[1]) ? 2 : 1;
            if (_heap[child].Word != _heap[0].Word || !SourceOf(_heap[child]).Current.SequenceEqual(Current))
                return;
            Advance(child);
        }
    }

    private void Advance(int place)
    {
        var head = _heap[place];
        var source = SourceOf(head);
        _heap[place] = source.MoveNext() ? head with { Word = source.Word } : _heap[--_count];
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

    private bool IsLess(Head left, Head right) => left.Word != right.Word
        ? left.Word < right.Word
        : SourceOf(left).Current.SequenceCompareTo(SourceOf(right).Current) < 0;

    private IIdSource SourceOf(Head head) => _sources[head.Source];

    /// <summary>
    /// A source's index and its current word. Unlike a reference, an index can be moved without
    /// notifying the garbage collector.
    /// </summary>
    private readonly record struct Head(int Source, ulong Word);
}
