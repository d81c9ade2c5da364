using System.Runtime.CompilerServices;
using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The keys that consist of 8 to 16 digits, which in practice means all of them: one packed set of
/// their words (<see cref="PackedDigits"/>) per length. Any number of threads may read it while no
/// thread adds.
/// </summary>
internal sealed class DigitKeys
{
    private const int Lengths = PackedDigits.LongestText - PackedDigits.ShortestText + 1;

    /// <summary>Words that are prefetched before the one that is added.</summary>
    private const int Lead = 12;

    /// <summary>A set that is larger than needed by this factor is made again.</summary>
    private const int TrimRatio = 3;

    private readonly NumberSet?[] _sets = new NumberSet?[Lengths];

    /// <summary>Distinct keys.</summary>
    public int Count { get; private set; }

    /// <summary>Memory, in bytes.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var set in _sets)
                bytes += set?.Bytes ?? 0;
            return bytes;
        }
    }

    /// <summary>The keys of a length; null when there is none.</summary>
    /// <param name="length">8 to 16.</param>
    public NumberSet? OfLength(int length) => _sets[length - PackedDigits.ShortestText];

    /// <summary>Returns whether a text with this word and length is a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ulong word, int length) => OfLength(length) is { } set && set.Contains(word);

    /// <summary>Prefetches the memory for <see cref="Contains"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong word, int length) => OfLength(length)?.Prefetch(word);

    /// <summary>Adds keys of one length, which may have been added before.</summary>
    /// <param name="words">Their words.</param>
    /// <param name="length">Their length, 8 to 16.</param>
    /// <param name="expected">Keys to reserve room for if they are the first of that
    /// length.</param>
    /// <param name="mayGrow">Called before a set grows, with the memory that it uses meanwhile, in
    /// bytes. It throws to refuse.</param>
    public void Add(ReadOnlySpan<ulong> words, int length, int expected, Action<long> mayGrow)
    {
        var set = _sets[length - PackedDigits.ShortestText] ??= new NumberSet(expected);
        foreach (var word in words[..Math.Min(Lead, words.Length)])
            set.Prefetch(word);
        for (var i = 0; i < words.Length; i++)
        {
            if (i + Lead < words.Length)
                set.Prefetch(words[i + Lead]);
            if (set.IsFull && !set.Contains(words[i]))
                mayGrow(Bytes - set.Bytes + set.BytesWhileGrowing);
            if (set.Add(words[i]))
                Count++;
        }
    }

    /// <summary>Gives back memory that was reserved for keys that did not come.</summary>
    public void Trim()
    {
        foreach (ref var set in _sets.AsSpan())
        {
            if (set is null || set.Bytes < TrimRatio * NumberSet.BytesFor(set.Count))
                continue;
            var trimmed = new NumberSet(set.Count);
            foreach (var word in set)
                trimmed.Add(word);
            set = trimmed;
        }
    }
}
