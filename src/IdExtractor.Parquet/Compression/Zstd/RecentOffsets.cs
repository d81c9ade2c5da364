using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The three offsets used last, which a sequence may name in place of one of its own (RFC 8878, section 3.1.1.5).</summary>
internal struct RecentOffsets
{
    private const uint Count = 3;

    private uint _first;
    private uint _second;
    private uint _third;

    /// <summary>As they are at the start of a frame.</summary>
    public static RecentOffsets Initial => new() { _first = 1, _second = 4, _third = 8 };

    /// <summary>
    /// The offset that an offset value means, which becomes the latest. Where a sequence has no literals the values mean the second, the third
    /// and one less than the first, since the first would only continue the match before; 0 then means corrupt input.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Resolve(uint value, bool hasNoLiterals)
    {
        if (value > Count)
        {
            _third = _second;
            _second = _first;
            return _first = value - Count;
        }

        return ResolveRecent(value - 1 + (hasNoLiterals ? 1u : 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint ResolveRecent(uint index)
    {
        if (index == 0)
            return _first;
        var offset = index switch
        {
            1 => _second,
            2 => _third,
            _ => _first - 1,
        };
        if (index != 1)
            _third = _second;
        _second = _first;
        return _first = offset;
    }
}
