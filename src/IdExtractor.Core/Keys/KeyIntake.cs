namespace IdExtractor.Core.Keys;

/// <summary>
/// Takes the values of Table A's key column, whatever their type, passes their keys to a sink and
/// counts. Not thread safe.
/// </summary>
/// <param name="cleaner">Makes keys.</param>
/// <param name="sink">Takes them.</param>
public sealed class KeyIntake(CpfCleaner cleaner, IKeySink sink)
{
    private byte[] _key = new byte[cleaner.MaxNumberKeyLength];
    private readonly long[] _rejected = new long[Enum.GetValues<RejectReason>().Length];
    private long _keys;

    /// <summary>Counts so far.</summary>
    public KeyStatistics Statistics => new(_keys, new RejectedValues(
        _rejected[(int)RejectReason.Empty],
        _rejected[(int)RejectReason.NotDigits],
        _rejected[(int)RejectReason.Float],
        _rejected[(int)RejectReason.Punctuation],
        _rejected[(int)RejectReason.TooLong]));

    /// <summary>
    /// Takes the bytes of a BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY, or a field of a list.
    /// </summary>
    public void AddText(ReadOnlySpan<byte> value)
    {
        var room = cleaner.MaxTextKeyLength(value.Length);
        if (room > _key.Length)
            _key = new byte[room];
        if (cleaner.TryClean(value, _key, out var length))
            Take(length);
        else
            _rejected[(int)CpfCleaner.Explain(value)]++;
    }

    /// <summary>Takes a signed integer, or a DECIMAL with scale 0 that is stored as one.</summary>
    public void AddNumber(long value) => Count(cleaner.TryClean(value, _key, out var length), length, isNegative: value < 0);

    /// <summary>Takes an unsigned integer.</summary>
    public void AddUnsigned(ulong value) => Count(cleaner.TryClean(value, _key, out var length), length, isNegative: false);

    /// <summary>
    /// Takes the unscaled value of a DECIMAL with scale 0: two's complement, most significant byte
    /// first.
    /// </summary>
    public void AddDecimal(ReadOnlySpan<byte> bigEndian) =>
        Count(cleaner.TryCleanDecimal(bigEndian, _key, out var length), length, isNegative: bigEndian is [>= 0x80, ..]);

    /// <summary>Takes nulls, which are rejected values (decision 7).</summary>
    /// <param name="count">How many, 0 or more.</param>
    public void AddNulls(long count) => _rejected[(int)RejectReason.Empty] += count;

    /// <summary>Counts a value; a number is rejected for its sign or for its digits.</summary>
    private void Count(bool isKey, int length, bool isNegative)
    {
        if (isKey)
            Take(length);
        else
            _rejected[(int)(isNegative ? RejectReason.NotDigits : RejectReason.TooLong)]++;
    }

    private void Take(int length)
    {
        _keys++;
        sink.Add(_key.AsSpan(0, length));
    }
}
