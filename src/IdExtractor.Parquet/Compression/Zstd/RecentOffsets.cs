using System.Runtime.CompilerServices;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// The three most recent offsets, which a sequence may name instead of a new one (RFC 8878, section
/// 3.1.1.5).
/// </summary>
internal struct RecentOffsets
{
    private const uint Count = 3;

    private uint _first;
    private uint _second;
    private uint _third;

    /// <summary>The offsets at the start of a frame.</summary>
    public static RecentOffsets Initial => new() { _first = 1, _second = 4, _third = 8 };

    /// <summary>
    /// Resolves an offset value to an offset, which becomes the most recent one. For a sequence
    /// without literals the values mean the second, the third, and one less than the first, since
    /// the first would only continue the previous match. A result of 0 is corrupt input.
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
