using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Scan.Match;

/// <summary>
/// Which entries of a chunk's dictionary are keys, one bit per entry. Each entry is looked up once
/// and not kept. Reusable.
/// </summary>
internal sealed class DictionaryMatch
{
    private const int BitsInWord = DictionaryLookup.BitsInWord;

    private ulong[] _isKey = [];
    private int _count;

    /// <summary>True when the entries have been looked up.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>True when some entry is a key.</summary>
    public bool HasKeys { get; private set; }

    /// <summary>Forgets the dictionary, at the start of a chunk.</summary>
    public void Clear() => IsKnown = HasKeys = false;

    /// <summary>Starts a dictionary in which no entry is marked as a key.</summary>
    public void Begin(int count)
    {
        var words = (count + BitsInWord - 1) / BitsInWord;
        if (_isKey.Length < words)
            _isKey = new ulong[words];
        Array.Clear(_isKey, 0, words);
        _count = count;
        IsKnown = true;
        HasKeys = false;
    }

    /// <summary>Marks an entry as a key.</summary>
    public void Add(int entry)
    {
        _isKey[entry / BitsInWord] |= 1UL << entry;
        HasKeys = true;
    }

    /// <summary>Looks up all entries of a dictionary that is in memory.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="matcher">Decides which values are keys.</param>
    /// <param name="hits">Scratch.</param>
    public void Fill(in ValueView entries, KeyMatcher matcher, Span<int> hits)
    {
        Begin(entries.Count);
        for (var first = 0; first < entries.Count; first += hits.Length)
        {
            var keys = matcher.Match(entries.Slice(first, Math.Min(hits.Length, entries.Count - first)), hits);
            foreach (var hit in hits[..keys])
                Add(first + hit);
        }
    }

    /// <summary>
    /// Writes the positions of the indices whose entries are keys, ascending, and returns their
    /// number; -1 when an index is outside the dictionary.
    /// </summary>
    /// <param name="indices">Indices into the dictionary.</param>
    /// <param name="hits">At least as long as <paramref name="indices"/>.</param>
    public int Match(ReadOnlySpan<int> indices, Span<int> hits)
    {
        return IndexRange.Exceeds(indices, _count) ? -1 : DictionaryLookup.Find(indices, _isKey, hits);
    }
}
