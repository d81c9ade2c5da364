using System.Globalization;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Keys;

/// <summary>Collects the distinct keys of Table A.</summary>
public sealed class KeySetBuilder : IKeySink
{
    /// <summary>
    /// Maximum number of keys to reserve room for: the expected number is only a claim.
    /// </summary>
    private const int MostExpected = 1 << 24;

    /// <summary>Keys of one length that are added together.</summary>
    private const int BatchKeys = 256;

    private readonly long _maxBytes;
    private readonly int _expected;
    private readonly DigitKeys _digits = new();
    private readonly TextKeys _texts = new();
    private readonly ulong[] _waiting = new ulong[BatchKeys];
    private int _waitingCount;
    private int _waitingLength;

    /// <param name="expectedKeys">Approximate number of keys to come. A table of the right size
    /// from the start saves time and memory.</param>
    /// <param name="maxBytes">Maximum memory for the keys, as computed by
    /// <see cref="KeySet.MemoryBytes"/>.</param>
    public KeySetBuilder(long expectedKeys = 0, long maxBytes = long.MaxValue)
    {
        _maxBytes = maxBytes;
        var expected = (int)Math.Clamp(expectedKeys, 0, MostExpected);
        _expected = NumberSet.BytesFor(expected) + KeySet.DerivedBytes(expected) <= maxBytes ? expected : 0;
    }

    /// <summary>Distinct keys so far.</summary>
    public int Count
    {
        get
        {
            AddWaiting();
            return _digits.Count + _texts.Count;
        }
    }

    /// <summary>Adds a key unless it is present.</summary>
    /// <exception cref="MemoryLimitException">The keys of A exceed the memory limit, or the size of
    /// an array. The error may also come some keys later, or in <see cref="Build"/>.</exception>
    public void Add(ReadOnlySpan<byte> key)
    {
        if (!PackedDigits.TryPack(key, out var word))
        {
            AddText(key);
            return;
        }

        if (_waitingCount == BatchKeys || (key.Length != _waitingLength && _waitingCount > 0))
            AddWaiting();
        _waitingLength = key.Length;
        _waiting[_waitingCount++] = word;
    }

    /// <inheritdoc/>
    /// <exception cref="MemoryLimitException">As for <see cref="Add"/>.</exception>
    public void AddDigits(ReadOnlySpan<ulong> words, int length) =>
        _digits.Add(words, length, _digits.Count == 0 ? _expected : 0, EnsureFits);

    /// <summary>
    /// Returns the set of all keys added. The set takes over the tables, so no key may be added
    /// afterwards.
    /// </summary>
    public KeySet Build()
    {
        AddWaiting();
        _digits.Trim();
        return new KeySet(_digits, _texts);
    }

    /// <summary>Adds the waiting keys; those that are refused are dropped.</summary>
    private void AddWaiting()
    {
        var count = _waitingCount;
        _waitingCount = 0;
        if (count > 0)
            AddDigits(_waiting.AsSpan(0, count), _waitingLength);
    }

    private void AddText(ReadOnlySpan<byte> key)
    {
        var hash = KeyHash.Of(key);
        if (_texts.Count > 0 && _texts.Contains(key, hash))
            return;
        if (_texts.IsFullFor(key.Length))
        {
            throw new MemoryLimitException(
                "Table A holds more keys than fit in memory", advice: "check that --table-a and --table-b are not exchanged");
        }

        EnsureFits(_digits.Bytes, _texts.BytesWith(key.Length));
        _texts.Add(key, hash);
    }

    private void EnsureFits(long digitBytes) => EnsureFits(digitBytes, _texts.Bytes);

    private void EnsureFits(long digitBytes, long textBytes)
    {
        var count = _digits.Count + _texts.Count;
        if (digitBytes + textBytes + KeySet.DerivedBytes(count) <= _maxBytes)
            return;
        throw new MemoryLimitException("Table A holds more keys than --max-memory has room for",
            new ErrorPlace
            {
                Expected = string.Create(CultureInfo.InvariantCulture, $"at most {_maxBytes} bytes for keys"),
                Actual = string.Create(CultureInfo.InvariantCulture, $"more than {count} keys"),
            },
            "raise --max-memory, or check that --table-a and --table-b are not exchanged");
    }
}
