using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet.Pages;

namespace IdExtractor.Core.Scan;

/// <summary>Which entries of a chunk's dictionary are keys, asked once a chunk. Reusable.</summary>
internal sealed class DictionaryMatch
{
    private byte[] _isKey = [];
    private int[] _hits = [];
    private bool _isKnown;
    private int _keys;

    /// <summary>Forgets the dictionary, at the start of a chunk.</summary>
    public void Clear() => _isKnown = false;

    /// <summary>Tells whether any entry is a key; the first call of a chunk finds out.</summary>
    public bool HasKeys(in ValueView entries, KeyMatcher matcher)
    {
        if (_isKnown)
            return _keys > 0;
        if (_isKey.Length < entries.Count)
            (_isKey, _hits) = (new byte[entries.Count], new int[entries.Count]);
        _keys = matcher.Match(entries, _hits);
        Array.Clear(_isKey, 0, entries.Count);
        foreach (var entry in _hits.AsSpan(0, _keys))
            _isKey[entry] = 1;
        _isKnown = true;
        return _keys > 0;
    }

    /// <summary>Writes the positions of the indices whose entries are keys, ascending, and returns how many there are.</summary>
    /// <param name="indices">Each below the number of entries given to <see cref="HasKeys"/>.</param>
    /// <param name="hits">As long as there are indices.</param>
    public int Match(ReadOnlySpan<int> indices, Span<int> hits)
    {
        var count = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            hits[count] = i;
            count += _isKey[indices[i]];
        }

        return count;
    }
}
