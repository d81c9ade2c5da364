using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// The entries of a chunk's dictionary of ids that have been added, one bit per entry. Each entry
/// is formatted and collected once, however many rows refer to it. Reusable.
/// </summary>
internal sealed class DictionaryIds
{
    private const int BitsInWord = DictionaryLookup.BitsInWord;

    private ulong[] _isAdded = [];
    private bool _hasBegun;

    /// <summary>Forgets the dictionary, at the start of a chunk.</summary>
    public void Clear() => _hasBegun = false;

    /// <summary>Starts the chunk's dictionary, unless it has been started.</summary>
    /// <param name="count">Number of entries.</param>
    public void Begin(int count)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        var words = (count + BitsInWord - 1) / BitsInWord;
        if (_isAdded.Length < words)
            _isAdded = new ulong[words];
        Array.Clear(_isAdded, 0, words);
    }

    /// <summary>Adds the id of a row.</summary>
    /// <param name="entry">Its entry; inside the dictionary.</param>
    /// <param name="value">The entry's value.</param>
    /// <param name="sink">Receives the id.</param>
    public void Add(int entry, ReadOnlySpan<byte> value, MatchedIdSink sink)
    {
        ref var word = ref _isAdded[entry / BitsInWord];
        var bit = 1UL << entry;

        // An empty id is dropped or refused for every row.
        if ((word & bit) != 0 && !value.IsEmpty)
        {
            sink.AddAgain();
            return;
        }

        word |= bit;
        sink.Add(value);
    }
}
