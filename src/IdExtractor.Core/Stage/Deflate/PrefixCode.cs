using System.Diagnostics;

namespace IdExtractor.Core.Stage.Deflate;

/// <summary>
/// A prefix code of deflate (RFC 1951 section 3.2.2) that is as short as possible for given
/// frequencies under a limit of length, by package-merge (Larmore and Hirschberg 1990).
/// </summary>
/// <remarks>Reusable. One instance a thread.</remarks>
internal sealed class PrefixCode
{
    private const int MaxBits = 15;

    private readonly int _maxBits;
    private readonly int[] _frequencies;
    private readonly byte[] _lengths;
    private readonly DeflateBits[] _codes;
    private readonly int[] _order;

    // A level's items by weight, single symbols and pairs of the level below; of each only whether
    // it is a symbol has to be known later.
    private readonly long[] _weights;
    private readonly long[] _below;
    private readonly bool[] _isSymbol;

    /// <param name="symbols">Size of the alphabet, 2 or more.</param>
    /// <param name="maxBits">Longest code, 1 to 15; 2^maxBits is no less than the alphabet.</param>
    public PrefixCode(int symbols, int maxBits)
    {
        Debug.Assert(maxBits <= MaxBits && symbols <= 1 << maxBits, "no code of that length");
        _maxBits = maxBits;
        _frequencies = new int[symbols];
        _lengths = new byte[symbols];
        _codes = new DeflateBits[symbols];
        _order = new int[symbols];
        _weights = new long[2 * symbols];
        _below = new long[2 * symbols];
        _isSymbol = new bool[maxBits * 2 * symbols];
    }

    /// <summary>How often each symbol occurs; to be filled before <see cref="Build"/>.</summary>
    public Span<int> Frequencies => _frequencies;

    /// <summary>How long each symbol's code is, 0 for symbols that do not occur.</summary>
    public ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>Each symbol's code, no bits for symbols that do not occur.</summary>
    public ReadOnlySpan<DeflateBits> Codes => _codes;

    /// <summary>Symbols up to the last that has a code.</summary>
    public int Used => _lengths.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    /// <summary>
    /// Makes the code. Two symbols have one at least, since not all readers know codes of none or
    /// one.
    /// </summary>
    public void Build()
    {
        var used = Sort();
        for (var symbol = 0; used < 2; symbol++)
        {
            if (_frequencies[symbol] > 0)
                continue;
            _frequencies[symbol] = 1;
            used = Sort();
        }

        SetLengths(used);
        SetCodes();
    }

    /// <returns>How many symbols occur; they are the first of the order, the rarest
    /// ahead.</returns>
    private int Sort()
    {
        var used = 0;
        for (var symbol = 0; symbol < _frequencies.Length; symbol++)
        {
            if (_frequencies[symbol] > 0)
                _order[used++] = symbol;
        }

        _order.AsSpan(0, used).Sort(
            (left, right) => _frequencies[left] != _frequencies[right]
                ? _frequencies[left].CompareTo(_frequencies[right])
                : left.CompareTo(right));
        return used;
    }

    private void SetLengths(int used)
    {
        var width = 2 * _frequencies.Length;
        var belowCount = 0;
        for (var level = 0; level < _maxBits; level++)
        {
            belowCount = Merge(used, belowCount, _isSymbol.AsSpan(level * width, width));
            _weights.AsSpan(0, belowCount).CopyTo(_below);
        }

        // The lightest 2n - 2 of the last level; each pair among them takes two of the level below.
        Array.Clear(_lengths);
        var taken = (2 * used) - 2;
        for (var level = _maxBits - 1; level >= 0 && taken > 0; level--)
        {
            var symbols = _isSymbol.AsSpan(level * width, taken).Count(true);
            for (var index = 0; index < symbols; index++)
                _lengths[_order[index]]++;
            taken = 2 * (taken - symbols);
        }
    }

    /// <summary>Makes a level of all symbols and of the pairs of the level below.</summary>
    /// <returns>Its items.</returns>
    private int Merge(int used, int belowCount, Span<bool> isSymbol)
    {
        int symbol = 0, pair = 0, count = 0;
        while (symbol < used || pair + 1 < belowCount)
        {
            var ofPair = pair + 1 < belowCount ? _below[pair] + _below[pair + 1] : long.MaxValue;
            var ofSymbol = symbol < used ? _frequencies[_order[symbol]] : long.MaxValue;
            isSymbol[count] = ofSymbol <= ofPair;
            if (isSymbol[count])
                symbol++;
            else
                pair += 2;
            _weights[count++] = Math.Min(ofSymbol, ofPair);
        }

        return count;
    }

    private void SetCodes()
    {
        Span<int> next = stackalloc int[MaxBits + 2];
        next.Clear();
        foreach (var length in _lengths)
            next[length + 1]++;
        next[1] = 0;
        for (var length = 1; length <= MaxBits; length++)
            next[length + 1] = (next[length] + next[length + 1]) << 1;
        for (var symbol = 0; symbol < _lengths.Length; symbol++)
        {
            var length = _lengths[symbol];
            _codes[symbol] = length == 0 ? default : new DeflateBits(Reverse(next[length]++, length), length);
        }
    }

    private static ulong Reverse(int code, int length)
    {
        var reversed = 0UL;
        for (var bit = 0; bit < length; bit++)
            reversed |= (ulong)((code >> bit) & 1) << (length - 1 - bit);
        return reversed;
    }
}
