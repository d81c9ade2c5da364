namespace IdExtractor.Core.Match;

/// <summary>Takes the values of Table A's key column, whatever their type, hands their keys to a sink and counts. For one thread.</summary>
/// <param name="cleaner">Makes keys.</param>
/// <param name="sink">Takes them.</param>
public sealed class KeyIntake(CpfCleaner cleaner, IKeySink sink)
{
    private byte[] _key = new byte[cleaner.MaxNumberKeyLength];
    private long _rows;
    private long _keys;

    /// <summary>Counts so far.</summary>
    public KeyStatistics Statistics => new(_rows, _rows - _keys, _keys);

    /// <summary>Takes the bytes of a BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY, or a field of a list.</summary>
    public void AddText(ReadOnlySpan<byte> value)
    {
        var room = cleaner.MaxTextKeyLength(value.Length);
        if (room > _key.Length)
            _key = new byte[room];
        Count(cleaner.TryClean(value, _key, out var length), length);
    }

    /// <summary>Takes a signed integer, or a DECIMAL with scale 0 that is stored as one.</summary>
    public void AddNumber(long value) => Count(cleaner.TryClean(value, _key, out var length), length);

    /// <summary>Takes an unsigned integer.</summary>
    public void AddUnsigned(ulong value) => Count(cleaner.TryClean(value, _key, out var length), length);

    /// <summary>Takes the unscaled value of a DECIMAL with scale 0: two's complement, most significant byte first.</summary>
    public void AddDecimal(ReadOnlySpan<byte> bigEndian) => Count(cleaner.TryCleanDecimal(bigEndian, _key, out var length), length);

    /// <summary>Takes nulls, which are rejected values (decision 7).</summary>
    /// <param name="count">How many, 0 or more.</param>
    public void AddNulls(long count) => _rows += count;

    private void Count(bool isKey, int length)
    {
        _rows++;
        if (!isKey)
            return;
        _keys++;
        sink.Add(_key.AsSpan(0, length));
    }
}
