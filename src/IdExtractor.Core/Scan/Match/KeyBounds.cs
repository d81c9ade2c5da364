using IdExtractor.Core.Keys;

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
    private readonly byte[][] _sorted;

    /// <summary>Sorts the keys.</summary>
    public KeyBounds(KeySet keys)
    {
        _keys = keys;
        var sorted = new List<byte[]>();
        if (keys.Count <= MaxSorted)
        {
            foreach (var key in keys)
                sorted.Add(key.ToArray());
        }

        sorted.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        _sorted = [.. sorted];
    }

    /// <inheritdoc/>
    public int Count => _keys.Count > MaxSorted ? int.MaxValue : _keys.Count;

    /// <inheritdoc/>
    public bool AnyBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max)
    {
        if (_keys.Count == 0 || min.SequenceCompareTo(_keys.Largest) > 0 || max.SequenceCompareTo(_keys.Smallest) < 0)
            return false;
        if (_sorted.Length == 0)
            return true;
        var first = CountBelow(min, orEqual: false);
        return first < _sorted.Length && max.SequenceCompareTo(_sorted[first]) >= 0;
    }

    /// <inheritdoc/>
    public int CountBetween(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max) =>
        Count == int.MaxValue ? int.MaxValue : CountBelow(max, orEqual: true) - CountBelow(min, orEqual: false);

    private int CountBelow(ReadOnlySpan<byte> bound, bool orEqual)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (bound.SequenceCompareTo(_sorted[middle]) > (orEqual ? -1 : 0))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
