using IdExtractor.Core.Keys;
using IdExtractor.Foundation.Bytes;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// The keys in byte order. If there are many keys spread at random, nearly every chunk contains one
/// (a chunk has none with a probability of about e^-(keys/chunks)), so only the smallest and the
/// largest key are kept. Immutable.
/// </summary>
internal sealed class KeyBounds : IKeyBounds
{
    /// <summary>
    /// With more keys than this, sorting costs more than the chunks and pages it may rule out.
    /// </summary>
    private const int MaxSorted = 1 << 14;

    private readonly KeySet _keys;
    private readonly int[] _order;

    /// <summary>Sorts the keys.</summary>
    public KeyBounds(KeySet keys)
    {
        _keys = keys;
        _order = keys.Count <= MaxSorted ? [.. Enumerable.Range(0, keys.Count)] : [];
        Array.Sort(_order, (left, right) => keys[left].SequenceCompareTo(keys[right]));
        var (least, most) = (ulong.MaxValue, ulong.MinValue);
        for (var i = 0; i < keys.Count; i++)
        {
            var word = ByteOrder.WordAt(keys[i], 0);
            if (word <= least && (word < least || keys[i].SequenceCompareTo(keys[Smallest]) < 0))
                (Smallest, least) = (i, word);
            if (word >= most && (word > most || keys[i].SequenceCompareTo(keys[Largest]) > 0))
                (Largest, most) = (i, word);
        }
    }

    /// <inheritdoc/>
    public int Count => _keys.Count > MaxSorted ? int.MaxValue : _keys.Count;

    private int Smallest { get; }

    private int Largest { get; }

    /// <inheritdoc/>
    public bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        if (_keys.Count == 0 || _keys[Largest].SequenceCompareTo(min) < 0 || _keys[Smallest].SequenceCompareTo(max) > 0)
            return false;
        if (_order.Length == 0)
            return true;
        var first = CountBelow(min, orEqual: false);
        return first < _order.Length && _keys[_order[first]].SequenceCompareTo(max) <= 0;
    }

    /// <inheritdoc/>
    public int CountBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) =>
        Count == int.MaxValue ? int.MaxValue : CountBelow(max, orEqual: true) - CountBelow(min, orEqual: false);

    private int CountBelow(ReadOnlySpan<byte> bound, bool orEqual)
    {
        var (low, high) = (0, _order.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_keys[_order[middle]].SequenceCompareTo(bound) < (orEqual ? 1 : 0))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
