using System.Globalization;
using System.Runtime.InteropServices;
using IdExtractor.Core.Errors;

namespace IdExtractor.Core.Match;

/// <summary>Gathers the keys of Table A, each once.</summary>
/// <param name="maxBytes">Most memory that the keys may take, by <see cref="KeySet.BytesFor"/>.</param>
public sealed class KeySetBuilder(long maxBytes = long.MaxValue) : IKeySink
{
    private readonly Dictionary<ulong, int> _firstByHash = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _nextWithSameHash = [];
    private byte[] _bytes = new byte[1 << 16];
    private int _used;

    /// <summary>Distinct keys so far.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Adds a key unless it is there.</summary>
    /// <exception cref="MemoryLimitException">The keys of A take more memory than they may, or than an array can hold.</exception>
    public void Add(ReadOnlySpan<byte> key)
    {
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstByHash, KeyHash.Of(key), out var exists);
        for (var other = exists ? first : -1; other >= 0; other = _nextWithSameHash[other])
        {
            if (_bytes.AsSpan(_starts[other].._starts[other + 1]).SequenceEqual(key))
                return;
        }

        if (_used + (long)key.Length > Array.MaxLength || Count == Array.MaxLength / 4)
            throw new MemoryLimitException("Table A holds more keys than fit in memory", advice: "check that --table-a and --table-b are not exchanged");
        if (KeySet.BytesFor(Count + 1L, _used + (long)key.Length) > maxBytes)
        {
            throw new MemoryLimitException("Table A holds more keys than --max-memory has room for",
                new ErrorPlace { Expected = string.Create(CultureInfo.InvariantCulture, $"at most {maxBytes} bytes for keys"), Actual = string.Create(CultureInfo.InvariantCulture, $"more than {Count} keys") },
                "raise --max-memory, or check that --table-a and --table-b are not exchanged");
        }

        if (_used + key.Length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(_bytes.Length * 2L, _used + (long)key.Length), Array.MaxLength));
        key.CopyTo(_bytes.AsSpan(_used));
        _used += key.Length;
        _nextWithSameHash.Add(exists ? first : -1);
        first = Count;
        _starts.Add(_used);
    }

    /// <summary>The set of all keys added.</summary>
    public KeySet Build() => new(_bytes, [.. _starts], Count);
}
