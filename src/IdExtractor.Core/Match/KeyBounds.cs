namespace IdExtractor.Core.Match;

/// <summary>
/// The keys in byte order, to be held against the bounds of a chunk. With many keys spread at random every chunk holds some (a chunk is missed with a probability of about e^-(keys/chunks)),
/// so only the smallest and largest are kept then. Immutable.
/// </summary>
internal sealed class KeyBounds
{
    /// <summary>With more keys than this, sorting them costs more than the chunks that it may rule out.</summary>
    private const int MaxSorted = 1 << 14;

    private readonly KeySet _keys;
    private readonly int[] _order;

    /// <summary>Takes the keys over.</summary>
    public KeyBounds(KeySet keys)
    {
        _keys = keys;
        _order = keys.Count <= MaxSorted ? [.. Enumerable.Range(0, keys.Count)] : [];
        Array.Sort(_order, (left, right) => keys[left].SequenceCompareTo(keys[right]));
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].SequenceCompareTo(keys[Smallest]) < 0)
                Smallest = i;
            if (keys[i].SequenceCompareTo(keys[Largest]) > 0)
                Largest = i;
        }
    }

    private int Smallest { get; }

    private int Largest { get; }

    /// <summary>False when no key lies between the bounds, both included.</summary>
    public bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        if (_keys.Count == 0 || _keys[Largest].SequenceCompareTo(min) < 0 || _keys[Smallest].SequenceCompareTo(max) > 0)
            return false;
        if (_order.Length == 0)
            return true;

        // The first key that is not below the lower bound.
        var (low, high) = (0, _order.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_keys[_order[middle]].SequenceCompareTo(min) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _order.Length && _keys[_order[low]].SequenceCompareTo(max) <= 0;
    }
}
