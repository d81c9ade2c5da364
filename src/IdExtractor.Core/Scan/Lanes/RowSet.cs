using System.Numerics;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Rows of one row group, one bit per row; grows up to the last row that was added. Reusable.
/// </summary>
internal sealed class RowSet : IRowSource
{
    /// <summary>Words for a million rows: 128 KiB.</summary>
    private const int MostReserved = 1 << 14;

    private ulong[] _words = new ulong[64];
    private int _usedWords;

    /// <summary>Number of rows added.</summary>
    public long Count { get; private set; }

    /// <summary>Removes all rows.</summary>
    public void Clear()
    {
        Array.Clear(_words, 0, _usedWords);
        _usedWords = 0;
        Count = 0;
    }

    /// <summary>
    /// Makes room for rows that will be added. What a file claims is believed up to a limit.
    /// </summary>
    public void Reserve(long rows)
    {
        var words = (int)Math.Min((rows + 63) >> 6, MostReserved);
        if (Count == 0 && words > _words.Length)
            _words = new ulong[words];
    }

    /// <summary>Adds a row that is not in the set.</summary>
    /// <param name="row">0 up to 2^31 - 1.</param>
    public void Add(long row)
    {
        var word = (int)(row >> 6);
        if (word >= _words.Length)
            Array.Resize(ref _words, (int)Math.Max(_words.Length * 2L, word + 1L));
        _words[word] |= 1UL << (int)(row & 63);
        _usedWords = Math.Max(_usedWords, word + 1);
        Count++;
    }

    /// <summary>
    /// Returns the first row of the set at or after <paramref name="row"/>; -1 when there is none.
    /// </summary>
    public long NextFrom(long row)
    {
        var word = (int)Math.Min(row >> 6, _usedWords);
        if (word >= _usedWords)
            return -1;
        var bits = _words[word] & (ulong.MaxValue << (int)(row & 63));
        while (bits == 0)
        {
            if (++word >= _usedWords)
                return -1;
            bits = _words[word];
        }

        return ((long)word << 6) + BitOperations.TrailingZeroCount(bits);
    }
}
